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
            .any(|prefix| name.starts_with(prefix.as_bytes()))
        || is_chromedrivers(name))
}

/// The copies of built-in functions that chromedriver keeps, such as `cdc_adoQpoasnfa76pfcZLmcfl_Array`: 22 letters and
/// digits that patched drivers change, then a name. Sites have globals such as `cdc_config`.
fn is_chromedrivers(name: &[u8]) -> bool {
    let rest = name
        .strip_prefix(b"$")
        .unwrap_or(name)
        .strip_prefix(b"cdc_");
    let Some((random, [b'_', word @ ..])) = rest.and_then(|it| it.split_at_checked(CDC_RANDOM))
    else {
        return false;
    };
    random.iter().all(u8::is_ascii_alphanumeric)
        && !word.is_empty()
        && word.iter().all(u8::is_ascii_alphabetic)
}

/// Characters between `cdc_` and the name of the copied function.
const CDC_RANDOM: usize = 22;

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
            "$cdc_adoQpoasnfa76pfcZLmcfl_Promise",
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
            "cdc_",
            "cdc_config",
            "cdc_metrics",
            "cdc_adoQpoasnfa76pfcZLmcfl_",
            "cdc_adoQpoasnfa76pfcZLmcf_Array",
            "cdc_adoQpoasnfa76pfc_Lmcfl_Array",
            "_Selenium_IDE_Recorder",
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
