//! Turns `words/*.toml` into tables. A language that lacks a word, or has one too many, does not compile.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a build script fails by panicking"
)]

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let pictures: BTreeMap<String, Pictures> = read("pictures");
    let mut out = String::new();
    categories(&mut out, &pictures);
    languages(&mut out, &pictures);
    let folder = env::var("OUT_DIR").expect("cargo names the folder");
    let file = Path::new(&folder).join("words.rs");
    fs::write(file, out).expect("the tables are written");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pictures {
    apart: Vec<String>,
    pictures: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Language {
    direction: String,
    choose: String,
    /// By name; the compiler misses those that are not there.
    page: BTreeMap<String, String>,
    #[serde(flatten)]
    categories: BTreeMap<String, Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    one: String,
    many: String,
    words: BTreeMap<String, String>,
}

fn categories(out: &mut String, pictures: &BTreeMap<String, Pictures>) {
    line(out, "pub(crate) const CATEGORIES: &[Category] = &[");
    for category in pictures.values() {
        let place = |name: &String| {
            let found = pictures.keys().position(|known| known == name);
            found.unwrap_or_else(|| panic!("pictures.toml: there is no category {name}"))
        };
        let apart: Vec<usize> = category.apart.iter().map(place).collect();
        let shown: Vec<_> = category.pictures.values().collect();
        line(
            out,
            &format!("Category {{ apart: &{apart:?}, pictures: &{shown:?} }},"),
        );
    }
    line(out, "];");
}

fn languages(out: &mut String, pictures: &BTreeMap<String, Pictures>) {
    line(out, "pub(crate) const LANGUAGES: &[Language] = &[");
    for tag in LANGUAGES {
        let language: Language = read(tag);
        let direction = match &*language.direction {
            "ltr" => "Direction::Ltr",
            "rtl" => "Direction::Rtl",
            other => panic!("{tag}.toml: direction is ltr or rtl, not {other}"),
        };
        let choose = &language.choose;
        assert!(choose.contains("{n}"), "{tag}.toml: choose lacks {{n}}");
        line(
            out,
            &format!(
                "Language {{ tag: {tag:?}, direction: {direction}, choose: {choose:?}, page: Page {{"
            ),
        );
        for (name, text) in &language.page {
            line(out, &format!("{name}: {text:?},"));
        }
        line(out, "}, categories: &[");
        assert!(
            language.categories.keys().eq(pictures.keys()),
            "{tag}.toml: its categories are not those of pictures.toml"
        );
        for (name, words) in &language.categories {
            assert!(
                words.words.keys().eq(pictures[name].pictures.keys()),
                "{tag}.toml: the words of {name} are not those of pictures.toml"
            );
            let Words { one, many, .. } = words;
            let words: Vec<_> = words.words.values().collect();
            line(
                out,
                &format!("Words {{ one: {one:?}, many: {many:?}, words: &{words:?} }},"),
            );
        }
        line(out, "] },");
    }
    line(out, "];");
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let file = format!("{FOLDER}/{name}.toml");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("a string takes text");
}

const FOLDER: &str = "words";
/// The first is for those who ask for none of them.
const LANGUAGES: [&str; 11] = [
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "ar", "tr",
];
