//! Accounts over REST: what a backend says of them, what it is told, and that nothing but a proof makes anybody trusted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod costs;
mod crowds;
mod fields;
#[path = "../kit/mod.rs"]
mod kit;
mod story;

use kit::Kit;

#[tokio::test]
async fn a_login_story() {
    story::tell(&Kit::start().await).await;
}

#[tokio::test]
async fn an_account_that_is_not_visited_any_more_is_forgotten() {
    story::retain(&Kit::start().await).await;
}
