use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::SystemTime,
};

use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    crypto::ring::{default_provider, sign::any_supported_type},
    pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio_rustls::TlsAcceptor;

use crate::certificate::Certificate;

/// TLS with a certificate that is read again when its files change. Connections that stand keep theirs.
#[derive(Clone)]
pub(super) struct Tls {
    acceptor: TlsAcceptor,
    files: Arc<Files>,
}

/// Why a certificate cannot be used. Every message names the file.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file holds no PEM of its kind.
    #[error("{0}: {1}")]
    Pem(PathBuf, pem::Error),
    /// Certificate and key do not fit, or are of a kind that is not supported.
    #[error("{0}: {1}")]
    Key(PathBuf, rustls::Error),
}

impl Tls {
    pub(super) fn new(cert: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let current = ArcSwap::from_pointee(read(&cert, &key)?);
        let seen = Mutex::new((modified(&cert), modified(&key)));
        let files = Arc::new(Files {
            cert,
            key,
            current,
            seen,
        });
        let protocols = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Key(files.cert.clone(), error))?;
        let mut config = protocols
            .with_no_client_auth()
            .with_cert_resolver(files.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            files,
        })
    }

    /// What the certificate in use says of itself; none if it cannot be read.
    pub(super) fn certificate(&self) -> Option<Certificate> {
        Certificate::of(self.files.current.load().cert.first()?)
    }

    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Reads the files again if they changed. Files that do not fit keep the certificate in use, and are logged.
    pub(super) fn look(&self) {
        let files = &self.files;
        let changed = (modified(&files.cert), modified(&files.key));
        let Ok(mut seen) = files.seen.lock() else {
            return;
        };
        if *seen == changed {
            return;
        }
        match read(&files.cert, &files.key) {
            Ok(current) => {
                files.current.store(Arc::new(current));
                *seen = changed;
                tracing::info!(cert = %files.cert.display(), "the certificate changed");
            }
            Err(error) => {
                tracing::error!(%error, "the new certificate cannot be used; the old one stays in use")
            }
        }
    }
}

struct Files {
    cert: PathBuf,
    key: PathBuf,
    current: ArcSwap<CertifiedKey>,
    seen: Mutex<(Option<SystemTime>, Option<SystemTime>)>,
}

impl ResolvesServerCert for Files {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files")
            .field("cert", &self.cert)
            .finish_non_exhaustive()
    }
}

/// A certificate chain with the key that belongs to it.
///
/// # Errors
/// They cannot be read or do not fit.
pub(crate) fn read(cert: &Path, key: &Path) -> Result<CertifiedKey, TlsError> {
    let pem = |path: &Path| {
        let path = path.to_path_buf();
        move |error| TlsError::Pem(path, error)
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect)
        .map_err(pem(cert))?;
    if chain.is_empty() {
        return Err(TlsError::Pem(cert.to_path_buf(), pem::Error::NoItemsFound));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(pem(key))?;
    let private =
        any_supported_type(&private).map_err(|error| TlsError::Key(key.to_path_buf(), error))?;
    let certified = CertifiedKey::new(chain, private);
    certified
        .keys_match()
        .map_err(|error| TlsError::Key(key.to_path_buf(), error))?;
    Ok(certified)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|data: fs::Metadata| -> io::Result<_> { data.modified() })
        .ok()
}
