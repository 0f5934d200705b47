use zeroize::Zeroizing;

use crate::{Code, language::words, request::REQUEST_LIFETIME_MS};

/// What a person is told with a code. Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The subject of a mail; there is no code in it.
    pub subject: String,
    /// The mail as plain text.
    pub plain: Zeroizing<String>,
    /// The mail as HTML, with nothing in it that is loaded from elsewhere.
    pub html: Zeroizing<String>,
    /// The text message.
    pub text: Zeroizing<String>,
}

/// What a message is written for.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The code.
    pub code: &'a Code,
    /// The name of the site, as a person knows it.
    pub site: &'a str,
    /// The tag of the language; English stands in for what there is not.
    pub language: &'a str,
}

impl Message {
    /// Writes it.
    pub fn write(occasion: Occasion<'_>) -> Self {
        let words = words(occasion.language);
        let site = printable(occasion.site);
        let code = occasion.code.as_str();
        let minutes = (REQUEST_LIFETIME_MS / 60_000).to_string();
        // The code goes in last, so that no other part can hold its place.
        let fill = |text: &str, site: &str| {
            Zeroizing::new(
                text.replace("{minutes}", &minutes)
                    .replace("{site}", site)
                    .replace("{code}", code),
            )
        };
        let line = |text: &str| fill(text, &site);
        let marked = escaped(&site);
        let part = |text: &str| fill(text, &marked);
        let plain = Zeroizing::new(format!(
            "{}\n\n    {code}\n\n{}\n\n{}\n",
            *line(words.enter),
            *line(words.lifetime),
            *line(words.warning)
        ));
        let html = Zeroizing::new(format!(
            "<!DOCTYPE html>\n<html lang=\"{tag}\" dir=\"{dir}\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
             <body style=\"font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 2em auto; padding: 0 1em\">\n\
             <p>{enter}</p>\n\
             <p dir=\"ltr\" style=\"font-size: 2em; font-weight: bold; letter-spacing: 0.2em; text-align: center\">{code}</p>\n\
             <p>{lifetime}</p>\n<p>{warning}</p>\n</body>\n</html>\n",
            tag = words.tag,
            dir = if words.is_rtl { "rtl" } else { "ltr" },
            title = *part(words.subject),
            enter = *part(words.enter),
            lifetime = *part(words.lifetime),
            warning = *part(words.warning),
        ));
        Self {
            subject: line(words.subject).to_string(),
            plain,
            html,
            text: line(words.text),
        }
    }
}

/// A name without line breaks and the like, cut where it gets long. A brace would be taken for a place to fill.
fn printable(site: &str) -> String {
    let kept = site
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '{' | '}'));
    kept.take(MOST_SITE_CHARS).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// As long as a host may be.
const MOST_SITE_CHARS: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::WORDS;

    fn written(site: &str, language: &str) -> Message {
        let code = Code::read("314159").unwrap();
        Message::write(Occasion {
            code: &code,
            site,
            language,
        })
    }

    #[test]
    fn every_language_says_code_site_and_lifetime() {
        for words in WORDS {
            let message = written("shop.example", words.tag);
            for text in [&message.plain, &message.html, &message.text] {
                for part in ["314159", "shop.example", "15"] {
                    assert!(text.contains(part), "{}: {part}", words.tag);
                }
                assert!(!text.contains(['{', '}']), "{}", words.tag);
            }
            assert!(
                message.subject.contains("shop.example"),
                "{}: {}",
                words.tag,
                message.subject
            );
            assert!(!message.subject.contains("314159"));
        }
    }

    #[test]
    fn a_text_message_is_short() {
        for words in WORDS {
            let text = written("shop.example", words.tag).text;
            // Three parts in the 16-bit alphabet of text messages.
            assert!(text.chars().count() <= 201, "{}", words.tag);
        }
    }

    #[test]
    fn arabic_begins_at_the_right_and_the_code_does_not() {
        let html = written("shop.example", "ar").html;
        assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
        assert!(html.contains("<p dir=\"ltr\""));
    }

    #[test]
    fn a_name_cannot_become_markup_or_headers() {
        let message = written("<img src=x>\r\nBcc: eve@example.com {code}", "en");
        assert!(!message.html.contains("<img"));
        assert!(!message.subject.contains(['\r', '\n']));
        assert!(!message.subject.contains("314159"));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let html = written("shop.example", "en").html;
        assert!(!html.contains("http") && !html.contains("src="));
    }

    #[test]
    fn a_language_that_there_is_not_is_english() {
        assert!(*written("s", "xx").plain == *written("s", "en").plain);
    }
}
