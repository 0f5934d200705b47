use touchstone_protocol::{Environment, Probe, State};

use crate::page::Page;

/// Global variables that drivers leave behind, as own properties of the window or the document.
pub fn read(page: &Page, environment: &mut Environment) {
    let found = [&page.window, &page.document].map(|owner| {
        owner
            .own_names()
            .map(|names| names.as_bytes().split(|byte| *byte == b',').any(is_drivers))
    });
    let state = match found {
        [Some(true), _] | [_, Some(true)] => State::Yes,
        [None, None] => State::Failed,
        _ => State::No,
    };
    environment.set_probe(Probe::DriverGlobals, state);
}

fn is_drivers(name: &[u8]) -> bool {
    // Nearly all names of a page are told apart by their first character.
    matches!(
        name.first(),
        Some(b'_' | b'$' | b'c' | b'd' | b'r' | b's' | b'w')
    ) && (NAMES.iter().any(|known| known.as_bytes() == name)
        || PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix.as_bytes())))
}

/// Names that no site and no extension would plausibly choose. `phantom`, `spawn`, `emit` and the like are missing for
/// that reason.
const NAMES: &[&str] = &[
    // chromedriver
    "$chrome_asyncScriptInfo",
    "ret_nodes",
    "se_exportedFunctionSymbol",
    "domAutomation",
    "domAutomationController",
    // Selenium and its predecessors
    "_selenium",
    "calledSelenium",
    "_Selenium_IDE_Recorder",
    "_WEBDRIVER_ELEM_CACHE",
    "webdriverCommand",
    "webdriver-evaluate",
    "driver-evaluate",
    "selenium-evaluate",
    "webdriver-evaluate-response",
    "__$webdriverAsyncExecutor",
    "__webdriverFunc",
    // Playwright
    "__pwInitScripts",
    "__PW_inspect",
    // PhantomJS
    "callPhantom",
    "_phantom",
    "__phantomas",
    // Nightmare
    "__nightmare",
];

const PREFIXES: &[&str] = &[
    "cdc_",
    "$cdc_",
    "__webdriver_",
    "__selenium_",
    "__driver_",
    "__fxdriver_",
    "__lastWatir",
    "__playwright",
    "__pw_",
];

#[cfg(test)]
mod tests {
    use super::is_drivers;

    #[test]
    fn names_of_drivers_are_known_and_names_of_sites_are_not() {
        let drivers = [
            "cdc_adoQpoasnfa76pfcZLmcfl_Array",
            "$cdc_asdjflasutopfhvcZLmcfl_",
            "$chrome_asyncScriptInfo",
            "__playwright__binding__",
            "__pwInitScripts",
            "__pw_manual",
            "__webdriver_script_fn",
            "ret_nodes",
            "callPhantom",
            "_selenium",
        ];
        let sites = [
            "",
            "location",
            "webdriver",
            "chrome",
            "__pwa_installed",
            "cdcConfig",
            "spawn",
            "emit",
            "phantom",
            "__NEXT_DATA__",
            "__REACT_DEVTOOLS_GLOBAL_HOOK__",
            "$",
            "$$",
            "_",
            "dataLayer",
            "domReady",
            "Cypress",
        ];
        for (names, expected) in [(&drivers[..], true), (&sites[..], false)] {
            for name in names {
                assert_eq!(is_drivers(name.as_bytes()), expected, "{name}");
            }
        }
    }
}
