//! A static server for the demonstration: this machine only, reading only.

use std::fs::File;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// Serves `folder` until it is stopped, on the first free port from `port` on.
pub(crate) fn serve(folder: &Path, port: u16) -> Result<()> {
    let (server, port) = (port..port.saturating_add(20))
        .find_map(|port| Server::http(("127.0.0.1", port)).ok().map(|server| (server, port)))
        .with_context(|| format!("no port from {port} on is free; name another with --port"))?;
    println!("http://127.0.0.1:{port}/");
    println!("Press Ctrl-C to stop.");
    for request in server.incoming_requests() {
        // A browser that went away is no reason to stop.
        let _ = answer(folder, request);
    }
    Ok(())
}

fn answer(folder: &Path, request: Request) -> Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        let refusal = Response::empty(StatusCode(405)).with_header(header("Allow", "GET, HEAD")?);
        return Ok(request.respond(refusal)?);
    }
    let found = file_of(folder, request.url()).and_then(|path| Some((File::open(&path).ok()?, path)));
    match found {
        Some((file, path)) => {
            let response = Response::from_file(file)
                .with_header(header("Content-Type", mime_type(&path))?)
                .with_header(header("Cache-Control", "no-cache")?)
                .with_header(header("X-Content-Type-Options", "nosniff")?);
            Ok(request.respond(response)?)
        }
        None => Ok(request.respond(Response::from_string("Not found\n").with_status_code(404))?),
    }
}

/// The file that a URL names, if it is one below `folder`.
fn file_of(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let path = Path::new(path);
    // The page's names need no escapes; a path that leaves the folder is no name of ours.
    let stays = path.components().all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(path);
    (stays && file.is_file()).then_some(file)
}

fn mime_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn header(name: &str, value: &str) -> Result<Header> {
    Header::from_bytes(name, value).map_err(|()| anyhow!("the header {name} cannot be sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(file_of(folder, "/Cargo.toml?x"), Some(folder.join("Cargo.toml")));
        for url in
            ["/", "/src", "/../Cargo.toml", "//etc/passwd", "/src/../../Cargo.toml", "Cargo.toml", "/%2e%2e/Cargo.toml"]
        {
            assert_eq!(file_of(folder, url), None, "{url}");
        }
    }
}
