use touchstone_protocol::{Environment, Measure, Probe, fnv1a64};

use super::headless::is_headless;

/// What a worker of the page says of the browser. Starting one is the caller's part.
#[derive(Debug, Clone, Copy)]
pub struct Worker<'a> {
    /// Its `navigator.userAgent`.
    pub user_agent: &'a str,
    /// Its `navigator.languages`, joined by commas.
    pub languages: &'a str,
    /// Its `navigator.hardwareConcurrency`; not a number if it has none.
    pub cores: f64,
}

impl Worker<'_> {
    /// Compares it with what was read in the page. What one of the two does not say is no difference.
    pub fn compare(&self, environment: &mut Environment) {
        let cores = environment.measure(Measure::Processors);
        let differs = fnv1a64(self.user_agent.as_bytes()) != environment.user_agent_hash
            || !self.languages.is_empty()
                && !environment.languages.is_empty()
                && self.languages != environment.languages
            || self.cores.is_finite() && cores.is_some_and(|cores| cores != self.cores as i32);
        environment.set_probe(Probe::WorkerMismatch, differs.into());
        environment.set_probe(Probe::WorkerHeadless, is_headless(self.user_agent).into());
    }
}

#[cfg(test)]
mod tests {
    use touchstone_protocol::State;

    use super::*;

    fn page() -> Environment {
        let mut environment = Environment::default();
        environment.user_agent_hash = fnv1a64(b"Mozilla/5.0");
        environment.languages = "de,en".into();
        environment.set_measure(Measure::Processors, 8);
        environment
    }

    #[test]
    fn a_worker_differs_only_by_what_both_say() {
        const SAME: Worker<'_> = Worker {
            user_agent: "Mozilla/5.0",
            languages: "de,en",
            cores: 8.0,
        };
        let cases = [
            (SAME, State::No),
            (
                Worker {
                    user_agent: "Mozilla/4.0",
                    ..SAME
                },
                State::Yes,
            ),
            (
                Worker {
                    languages: "en",
                    ..SAME
                },
                State::Yes,
            ),
            (
                Worker {
                    languages: "",
                    ..SAME
                },
                State::No,
            ),
            (Worker { cores: 2.0, ..SAME }, State::Yes),
            (
                Worker {
                    cores: f64::NAN,
                    ..SAME
                },
                State::No,
            ),
        ];
        for (worker, expected) in cases {
            let mut environment = page();
            worker.compare(&mut environment);
            assert_eq!(
                environment.probe(Probe::WorkerMismatch),
                expected,
                "{worker:?}"
            );
        }
    }

    #[test]
    fn a_headless_worker_behind_another_user_agent_is_seen() {
        let mut environment = page();
        Worker {
            user_agent: "HeadlessChrome/156",
            languages: "",
            cores: 8.0,
        }
        .compare(&mut environment);
        assert_eq!(environment.probe(Probe::WorkerHeadless), State::Yes);
        assert_eq!(environment.probe(Probe::WorkerMismatch), State::Yes);
    }
}
