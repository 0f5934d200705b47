use rustix::process::{Resource, getrlimit};

use super::{Finding, Setup};

/// Each connection is an open file. The server raises its limit to what it may have.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let limit = getrlimit(Resource::Nofile).maximum;
    vec![told(limit, setup.serve.max_connections as u64)]
}

fn told(limit: Option<u64>, connections: u64) -> Finding {
    let needed = connections + OTHERS;
    match limit {
        Some(limit) if limit < needed => Finding::warning(
            format!("{limit} may be open, {connections} connections are allowed"),
            format!(
                "LimitNOFILE={needed} in the unit (or ulimit -n {needed}), or a lower --max-connections"
            ),
        ),
        Some(limit) => Finding::ok(format!(
            "{limit} may be open, {connections} connections are allowed"
        )),
        None => Finding::ok("no limit"),
    }
}

/// Store, sockets that listen, certificates, log, and room to accept while others close.
const OTHERS: u64 = 128;

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    #[test]
    fn connections_must_fit_into_the_limit_with_room_to_spare() {
        assert_eq!(told(Some(1_024), 8_192).level, Level::Warning);
        assert_eq!(told(Some(65_536), 8_192).level, Level::Ok);
        assert_eq!(told(None, 8_192).level, Level::Ok);
    }
}
