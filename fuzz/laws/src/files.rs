//! What the operator writes, or another process: files and addresses.

use std::{cell::OnceCell, fs, path::Path};

use tempfile::{NamedTempFile, TempDir};
use touchstone::{
    bots::Bots,
    config::{DataOptions, ServeOptions, resolve},
    data::DataDir,
};
use touchstone_store::redis::RedisOptions;
use touchstone_token::KeyRing;

/// A configuration holds, or the error names the option or the file.
pub(crate) fn config(bytes: &[u8]) {
    with_file(bytes, |path| {
        let common = DataOptions {
            config: Some(path.to_path_buf()),
            ..DataOptions::default()
        };
        match resolve(&common, ServeOptions::default()) {
            Ok((_, serve)) => {
                assert!(serve.max_connections > 0 && !serve.retention.is_zero());
                assert!(serve.base_path.is_empty() || serve.base_path.starts_with('/'));
            }
            Err(error) => assert!(error.to_string().contains("--"), "{error}"),
        }
    });
}

/// A file of bots' keys holds, or the error names it.
pub(crate) fn bot_keys(bytes: &[u8]) {
    with_file(bytes, |path| {
        if let Err(error) = Bots::read(path) {
            assert!(error.to_string().starts_with("--bot-keys"), "{error}");
        }
    });
}

/// A ring file holds a ring that can be rotated, or the error names it.
pub(crate) fn ring_file(bytes: &[u8]) {
    thread_local! {
        static DATA: OnceCell<(TempDir, DataDir)> = const { OnceCell::new() };
    }
    DATA.with(|data| {
        let (folder, data) = data.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let data = DataDir::open(folder.path(), None, 0).unwrap();
            (folder, data)
        });
        fs::write(folder.path().join("ring.json"), bytes).unwrap();
        match data.ring() {
            Ok(ring) => {
                for now in [0, 1_800_000_000_000] {
                    let rotated = KeyRing::new(ring.rotated([9; 32], now)).unwrap();
                    assert!(rotated.keys().any(|key| key.secret == [9; 32]));
                }
            }
            Err(error) => assert!(error.to_string().contains("ring.json"), "{error}"),
        }
    });
}

/// The URL of a store names a server, or is refused; no error shows a password.
pub(crate) fn redis_url(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(options) = text.parse::<RedisOptions>() {
        assert!(!options.hosts.is_empty());
        assert!(options.hosts.iter().all(|(host, _)| !host.is_empty()));
        assert!((1..=32).contains(&options.prefix.len()) && options.wait <= 9);
        let shown = format!("{options:?}");
        let password = options.password.as_deref().map_or("", |text| text);
        let names = options.hosts.iter().map(|(host, _)| host.as_str());
        let names = names
            .chain(options.username.as_deref())
            .chain([options.prefix.as_str()]);
        // Short ones are in there by chance, and so is one that a host is named after.
        let is_named = password.len() < 8 || names.into_iter().any(|name| name.contains(password));
        assert!(is_named || !shown.contains(password), "{shown}");
    }
}

/// Hands a file with this content to `read`.
pub(crate) fn with_file<T>(content: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    read(file.path())
}

/// A set of one key, of which nobody has the private half here.
pub(crate) const BOT_KEYS: &str = r#"{"keys": [{"kty": "OKP", "crv": "Ed25519", "name": "example-agent",
    "botType": "AI_AGENT", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
