//! Stores from the time when each verifier had the keys in files.

use touchstone::data::DataDir;
use touchstone_store::{Millis, redis::RedisStore};

use crate::fleet::{Fleet, binary, told};

#[tokio::test]
async fn keys_in_a_data_directory_are_put_into_the_store_and_nothing_is_lost() {
    let Some(fleet) = Fleet::new() else { return };
    let path = fleet.path("unused");
    let data = DataDir::open(&path, None, 1_000).unwrap();
    let options = fleet.url().parse().unwrap();
    let old = RedisStore::open(&options, [1; 8], Millis(1_000))
        .await
        .unwrap();
    let owner = data.vault().unwrap().hash("the owner of a store");
    assert!(old.belongs_to(owner).await.unwrap());

    let refused = fleet.run_with("kek", "key list");
    assert!(told(&refused).contains("ring import"), "{}", told(&refused));
    assert_eq!(
        fleet.run("ring import --json")["keys"],
        serde_json::json!([1])
    );
    assert!(fleet.run_with("kek", "key list").status.success());

    let opened = fleet.open(&path, 2_000).await.unwrap();
    assert_eq!(opened.keys.vault.hash("x"), data.vault().unwrap().hash("x"));
    let secrets = |ring: &touchstone_token::KeyRing| -> Vec<[u8; 32]> {
        ring.keys().map(|key| key.secret).collect()
    };
    assert_eq!(secrets(&opened.keys.ring), secrets(&data.ring().unwrap()));
    let again = fleet.run_with("kek", "ring import");
    assert!(told(&again).contains("already"), "{}", told(&again));
}

#[tokio::test]
async fn keys_are_not_left_behind_by_a_new_store_and_foreign_ones_not_taken() {
    let Some(fleet) = Fleet::new() else { return };
    DataDir::open(&fleet.path("unused"), None, 1_000).unwrap();
    let refused = fleet.run_with("kek", "key list");
    assert!(told(&refused).contains("ring import"), "{}", told(&refused));

    let options = fleet.url().parse().unwrap();
    let other = RedisStore::open(&options, [1; 8], Millis(1_000))
        .await
        .unwrap();
    assert!(other.belongs_to([7; 32]).await.unwrap());
    let refused = fleet.run_with("kek", "ring import");
    assert!(told(&refused).contains("vault.key"), "{}", told(&refused));
}

#[test]
fn what_is_for_shared_stores_says_so_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let output = binary()
        .args(["ring", "import", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        told(&output).contains("--store redis://"),
        "{}",
        told(&output)
    );
}
