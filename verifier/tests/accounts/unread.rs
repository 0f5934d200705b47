//! Profiles that this release cannot read: visits are answered all the same.

use serde_json::json;
use touchstone::accounts::AccountName;
use touchstone_store::NewProfile;

use crate::kit::Kit;

#[tokio::test]
async fn the_profile_of_a_newer_release_stays_as_it_is_and_a_damaged_one_begins_anew() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    for (id, profile, stays) in [
        ("newer", vec![255, 1, 2], true),
        ("damaged", vec![1, 2], false),
    ] {
        let account = AccountName::Id(id).hash(&kit.verifier.vault, &"shop".parse().unwrap());
        let new = NewProfile {
            account,
            profile: profile.clone(),
            over: None,
        };
        let store = &kit.verifier.store;
        assert!(
            store
                .write_profile(new, kit.verifier.stored_now())
                .await
                .unwrap()
        );
        let token = kit.token("login").await;
        let answer = kit
            .assess(
                &kit.shop,
                json!({"token": token, "userInfo": {"accountId": id}}),
            )
            .await;
        assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
        assert_eq!(
            answer["accountDefenderAssessment"]["labels"],
            json!([]),
            "{answer}"
        );
        // What the profile cannot take is not taken for done.
        let path = format!("/v1/{}:annotate", answer["name"].as_str().unwrap());
        let proof = json!({"annotation": "LEGITIMATE"}).to_string();
        let status = kit.send("POST", &path, &key, proof).await.status.as_u16();
        assert_eq!(status, if stays { 503 } else { 200 }, "{id}");
        let kept = store.profile(&account).await.unwrap().unwrap();
        assert_eq!(kept.profile == profile, stays, "{id}");
    }
}
