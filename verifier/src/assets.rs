//! Files that are part of the binary: the agent as published in `pkg/`, and the demo site.

/// One file, in the three forms it is served in. Made by the build script.
#[derive(Debug)]
pub struct Asset {
    /// File name; the agent's carry a hash of their content.
    pub name: &'static str,
    /// Value of `Content-Type`.
    pub media_type: &'static str,
    /// Weak entity tag (the three forms share it), as the header has it.
    pub etag: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// gzip (RFC 1952).
    pub gzip: &'static [u8],
    /// brotli (RFC 7932), quality 11.
    pub brotli: &'static [u8],
}

impl Asset {
    /// Whether it is served under a name that stays while its content changes.
    fn is_unhashed(&self) -> bool {
        [SCRIPT, EDGE_SCRIPT, SHIM].contains(&self.name)
    }

    /// The smallest form that the client accepts, and its `Content-Encoding`.
    pub fn best_for(&self, accept_encoding: &str) -> (&'static [u8], Option<&'static str>) {
        if accepts(accept_encoding, "br") {
            (self.brotli, Some("br"))
        } else if accepts(accept_encoding, "gzip") {
            (self.gzip, Some("gzip"))
        } else {
            (self.plain, None)
        }
    }
}

/// The script that pages load, under each of its three URLs.
pub fn script() -> Option<&'static Asset> {
    AGENT.iter().find(|asset| asset.name == SCRIPT)
}

/// The same with what loads the agent's file for firewalls and policies.
pub fn edge_script() -> Option<&'static Asset> {
    AGENT.iter().find(|asset| asset.name == EDGE_SCRIPT)
}

/// The script that sends hard-coded addresses of the incumbent's to this verifier.
pub fn shim() -> Option<&'static Asset> {
    AGENT.iter().find(|asset| asset.name == SHIM)
}

/// A file that the script loads, by its hashed name.
pub fn agent_file(name: &str) -> Option<&'static Asset> {
    AGENT
        .iter()
        .find(|asset| asset.name == name && !asset.is_unhashed())
}

/// The name of the agent itself.
pub fn wasm() -> Option<&'static str> {
    let agent = AGENT
        .iter()
        .find(|asset| asset.media_type == "application/wasm");
    agent.map(|asset| asset.name)
}

/// A file of the demo site.
pub fn site_file(name: &str) -> Option<&'static Asset> {
    SITE.iter().find(|asset| asset.name == name)
}

/// Whether an `Accept-Encoding` value lists a coding and does not weigh it 0 (RFC 9110, section 12.5.3).
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|parameter| {
            let value = parameter.strip_prefix("q=");
            value
                .and_then(|q| q.parse::<f32>().ok())
                .is_some_and(|q| q == 0.0)
        });
        named && !refused
    })
}

const SCRIPT: &str = "script.js";
const EDGE_SCRIPT: &str = "edge_script.js";
const SHIM: &str = "shim.js";

static AGENT: &[Asset] = include!(concat!(env!("OUT_DIR"), "/agent_assets.rs"));
static SITE: &[Asset] = include!(concat!(env!("OUT_DIR"), "/site_assets.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_used_only_where_it_is_accepted() {
        for (header, br) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("br;q=0", false),
            ("gzip;q=1.0, br; q=0.0", false),
            ("", false),
            ("brotli", false),
        ] {
            assert_eq!(accepts(header, "br"), br, "{header}");
        }
    }

    #[test]
    fn the_script_names_its_files_and_nothing_is_left_to_fill_in() {
        let script = std::str::from_utf8(edge_script().unwrap().plain).unwrap();
        assert!(!script.contains("__TOUCHSTONE_"));
        for asset in AGENT.iter().filter(|asset| !asset.is_unhashed()) {
            assert!(script.contains(asset.name), "{}", asset.name);
            assert!(asset.brotli.len() < asset.plain.len());
        }
    }
}
