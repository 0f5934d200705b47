use proptest::prelude::*;

use super::*;
use crate::ApiError;

#[test]
fn a_name_prints_as_it_was_written() {
    let table: [(&str, Print); 8] = [
        ("projects/my-site", print::<ProjectName>),
        (
            "projects/1234567890/assessments/b6ac310000000000",
            print::<AssessmentName>,
        ),
        (
            "projects/p/keys/6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
            print::<KeyName>,
        ),
        ("projects/p/keys/k/metrics", print::<MetricsName>),
        ("projects/p/keys/k/policy", print::<PolicyName>),
        (
            "projects/p/firewallpolicies/100",
            print::<FirewallPolicyName>,
        ),
        (
            "projects/p/relatedaccountgroups/g",
            print::<RelatedAccountGroupName>,
        ),
        (
            "projects/p/relatedaccountgroups/g/memberships/m",
            print::<RelatedAccountGroupMembershipName>,
        ),
    ];
    for (text, print) in table {
        assert_eq!(print(text), text);
    }
}

#[test]
fn an_error_names_the_wrong_part() {
    let table = [
        ("", "'' stands where 'projects' should"),
        ("projects", "ends before 'project'"),
        ("projects/", "the project '' is not 1 to 63"),
        ("projects/P/keys/k", "the project 'P' is not"),
        ("projects/-p/keys/k", "the project '-p' is not"),
        ("projects/p", "ends before 'keys'"),
        ("projects/p/key/k", "'key' stands where 'keys' should"),
        ("projects/p/keys/", "the key '' is not"),
        ("projects/p/keys/a b", "the key 'a b' is not"),
        (
            "projects/p/keys/k/metrics",
            "nothing may follow, but 'metrics' does",
        ),
        ("projects/p/keys/k/", "nothing may follow, but '' does"),
        ("/projects/p/keys/k", "'' stands where 'projects' should"),
        ("projects/p/keys/..", "the key '..' is not"),
    ];
    for (text, fault) in table {
        let error = text.parse::<KeyName>().unwrap_err();
        assert!(error.to_string().contains(fault), "{text}: {error}");
        assert_eq!(ApiError::from(error).http_status(), 400);
    }
}

#[test]
fn project_identifiers_keep_to_their_characters() {
    let long = "a".repeat(63);
    for good in ["a", "0", "my-site", "1234567890", long.as_str()] {
        assert_eq!(good.parse::<ProjectId>().unwrap().as_str(), good);
    }
    let longer = "a".repeat(64);
    for bad in ["", "-a", "A", "a_b", "a.b", "ä", "a/b", longer.as_str()] {
        assert!(bad.parse::<ProjectId>().is_err(), "{bad}");
    }
}

#[test]
fn a_name_made_of_parts_is_checked_like_a_parsed_one() {
    let project: ProjectId = "p".parse().unwrap();
    let name = AssessmentName::new(project.clone(), "00ff").unwrap();
    assert_eq!(name.to_string(), "projects/p/assessments/00ff");
    assert_eq!((name.project(), name.assessment()), (&project, "00ff"));
    assert!(AssessmentName::new(project.clone(), "00FF").is_err());
    assert!(KeyName::new(project, "a/b").is_err());
}

proptest! {
    #[test]
    fn what_parses_prints_as_it_was(text in "(projects/)?[a-z0-9/-]{0,12}(/assessments/)?[0-9a-f/]{0,8}") {
        if let Ok(name) = text.parse::<AssessmentName>() {
            prop_assert_eq!(name.to_string(), text);
        }
    }
}

fn print<T: FromStr<Err = NameError> + ToString>(text: &str) -> String {
    text.parse::<T>().unwrap().to_string()
}

type Print = fn(&str) -> String;
