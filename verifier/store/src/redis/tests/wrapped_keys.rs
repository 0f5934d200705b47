//! Keys that the verifiers of a store share.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_that_replace_the_same_keys_at_once_one_does() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = Arc::new(open(&server.url(), NOW).await.unwrap());
    assert_eq!(store.wrapped_keys().await, Ok(None));
    for before in [None, Some(1), Some(2)] {
        let replace = |n: u8| {
            let store = store.clone();
            async move { store.replace_wrapped_keys(before, vec![n]).await.unwrap() }
        };
        let replaced = futures_util::future::join_all((0..8).map(replace)).await;
        let winner = replaced.iter().position(|replaced| *replaced).unwrap();
        assert_eq!(replaced.iter().filter(|replaced| **replaced).count(), 1);
        let kept = WrappedKeys {
            revision: before.unwrap_or(0) + 1,
            bytes: vec![winner as u8],
        };
        assert_eq!(store.wrapped_keys().await, Ok(Some(kept)));
    }
    assert_eq!(store.replace_wrapped_keys(None, vec![9]).await, Ok(false));
    assert_eq!(
        store.replace_wrapped_keys(Some(2), vec![9]).await,
        Ok(false)
    );
}
