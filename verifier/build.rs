//! Prepares what the verifier serves: the agent from `pkg/` and the demo site from `www/demo/`.
//!
//! The agent's files get names with their hash inside (served as immutable), and the script that loads them gets these
//! names in place of its placeholders. Everything is compressed here, once, so that serving costs a copy.

use std::{
    env,
    error::Error,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    let mut table = String::from("&[\n");
    let mut script = read(&root.join("pkg/script.js"))?;
    for (placeholder, file) in AGENT_FILES {
        let bytes = read(&root.join("pkg").join(file))?;
        let name = format!("{}.{}", &hash(&bytes)[..10], extension(file));
        script = replace(&script, placeholder, &format!("recaptcha/agent/{name}"))?;
        table += &asset(&out, &name, &bytes)?;
    }
    table += &asset(&out, "script.js", &script)?;
    let edge = read(&root.join("pkg/touchstone_edge.js"))?;
    let name = format!("{}.js", &hash(&edge)[..10]);
    let loader = read(&root.join("pkg/edge_loader.js"))?;
    let loader = replace(
        &loader,
        "__TOUCHSTONE_EDGE_JS__",
        &format!("recaptcha/agent/{name}"),
    )?;
    table += &asset(&out, &name, &edge)?;
    table += &asset(
        &out,
        "edge_script.js",
        &[&script[..], b";\n", &loader].concat(),
    )?;
    table += &asset(&out, "shim.js", &read(&root.join("pkg/shim.js"))?)?;
    table += "]";
    fs::write(out.join("agent_assets.rs"), table)?;

    let mut table = String::from("&[\n");
    let site = root.join("www/demo");
    println!("cargo::rerun-if-changed={}", site.display());
    let mut files: Vec<_> = fs::read_dir(&site)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for path in files {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if SITE_FILES.contains(&extension(&name)) {
            table += &asset(&out, &name, &read(&path)?)?;
        }
    }
    table += "]";
    fs::write(out.join("site_assets.rs"), table)?;
    Ok(())
}

/// Placeholder in the script, file in `pkg/`.
const AGENT_FILES: [(&str, &str); 6] = [
    ("__TOUCHSTONE_AGENT_WASM__", "touchstone_agent_bg.wasm"),
    ("__TOUCHSTONE_POW_JS__", "touchstone_pow.js"),
    ("__TOUCHSTONE_WIDGET_JS__", "touchstone_widget.js"),
    ("__TOUCHSTONE_FACTOR_JS__", "touchstone_factor.js"),
    ("__TOUCHSTONE_INSPECT_JS__", "inspect/touchstone_agent.js"),
    (
        "__TOUCHSTONE_INSPECT_WASM__",
        "inspect/touchstone_agent_bg.wasm",
    ),
];
const SITE_FILES: [&str; 4] = ["html", "css", "js", "svg"];

/// One row of the table: name, media type, entity tag, and the bytes plain, gzip and brotli.
fn asset(out: &Path, name: &str, bytes: &[u8]) -> Result<String, Box<dyn Error>> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    let mut brotli = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut brotli, &parameters)?;
    let folder = out.join(&hash(bytes)[..20]);
    fs::create_dir_all(&folder)?;
    for (form, bytes) in [
        ("plain", bytes),
        ("gzip", &gzip.finish()?),
        ("brotli", &brotli),
    ] {
        fs::write(folder.join(form), bytes)?;
    }
    let media_type = match extension(name) {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        other => return Err(format!("no media type is known for .{other}").into()),
    };
    let include = |form: &str| format!("include_bytes!({:?})", folder.join(form));
    Ok(format!(
        "Asset {{ name: {name:?}, media_type: {media_type:?}, etag: \"W/\\\"{}\\\"\", plain: {}, gzip: {}, brotli: {} }},\n",
        &hash(bytes)[..20],
        include("plain"),
        include("gzip"),
        include("brotli"),
    ))
}

fn read(path: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn replace(script: &[u8], placeholder: &str, name: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = std::str::from_utf8(script)?;
    if !text.contains(placeholder) {
        return Err(format!("no script in pkg/ contains {placeholder}").into());
    }
    Ok(text.replace(placeholder, name).into_bytes())
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn extension(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}
