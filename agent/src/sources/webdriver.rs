use touchstone_protocol::{Environment, Probe};

use crate::page::Page;

/// `navigator.webdriver`: true under remote control (WebDriver, section 4 "Interface").
pub fn read(page: &Page, environment: &mut Environment) {
    environment.set_probe(Probe::Webdriver, page.navigator.state("webdriver"));
}
