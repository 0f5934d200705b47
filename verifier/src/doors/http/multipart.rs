//! Forms as `multipart/form-data`: what a `FormData` is sent as, and what PHP makes of an array.

use std::{borrow::Cow, convert::Infallible};

use bytes::Bytes;
use multer::Multipart;

/// The names and values of a body in this form, in their order; none if it is not in this form. Bytes that are no UTF-8 become
/// U+FFFD, as in the other kind of form. `body` is read whole already, so that its bound is theirs.
pub(super) async fn fields(content_type: &str, body: Bytes) -> Option<Vec<Field>> {
    let boundary = multer::parse_boundary(content_type).ok()?;
    let body = tokio_stream::once(Ok::<_, Infallible>(body));
    let mut parts = Multipart::new(body, boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.ok()?;
        let value = String::from_utf8_lossy(&value).into_owned();
        fields.push((name.into(), value.into()));
    }
    Some(fields)
}

/// A parameter and its value.
type Field = (Cow<'static, str>, Cow<'static, str>);

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=----x";

    #[tokio::test]
    async fn the_parts_come_in_their_order() {
        let body = "------x\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\ns\r\n------x\r\n\
                    Content-Type: text/plain; charset=UTF-8\r\nContent-Disposition: form-data; name=\"response\"; \
                    filename=\"blob\"\r\n\r\nt\r\nu\r\n------x--\r\n";
        let expected = [("secret", "s"), ("response", "t\r\nu")];
        let expected = expected.map(|(name, value)| (name.into(), value.into()));
        assert_eq!(
            fields(TYPE, Bytes::from_static(body.as_bytes())).await,
            Some(expected.to_vec())
        );
    }

    #[tokio::test]
    async fn what_breaks_off_is_none() {
        for (content_type, body) in [
            ("multipart/form-data", ""),
            (TYPE, ""),
            (TYPE, "secret=s"),
            (
                TYPE,
                "------x\r\nContent-Disposition: form-data; name=\"secret\"\r\n\r\ns",
            ),
        ] {
            let body = Bytes::from_static(body.as_bytes());
            let found = fields(content_type, body.clone()).await;
            assert_eq!(found, None, "{content_type} {body:?}");
        }
    }
}
