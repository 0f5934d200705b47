use std::net::{IpAddr, Ipv4Addr};

use touchstone_related::{Mailbox, Phone, Registration, Sighting};

use super::{
    names::{local_part, noise},
    random::Random,
};

/// Where accounts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Community {
    /// 2,000 households at addresses of their own; some people have a second account, some couples one phone.
    Homes,
    /// 5,000 students behind one address, with 30 kinds of browser, who enrol within a week; a third of them at 60 shared
    /// computers whose page stays open all day. 25 of them have a second account.
    Campus,
    /// 300 employees who register within two hours behind one address, all with the number of the switchboard.
    Office,
    /// 3,000 customers of a phone carrier behind four networks.
    Carrier,
    /// 400 customers whom a call centre registers with one placeholder address.
    CallCentre,
    /// 200 fake accounts over rotating proxies, with aliases of 4 mailboxes; a third with one of 10 phones.
    MailboxFarm,
    /// 60 fake accounts with mailboxes of their own and 3 phones.
    PhoneFarm,
    /// 100 fake accounts with numbered names at one domain, registered within half an hour over rotating proxies.
    SeriesFarm,
    /// 100 fake accounts that have nothing in common.
    StrangerFarm,
}

impl Community {
    pub const ALL: [Self; 9] = [
        Self::Homes,
        Self::Campus,
        Self::Office,
        Self::Carrier,
        Self::CallCentre,
        Self::MailboxFarm,
        Self::PhoneFarm,
        Self::SeriesFarm,
        Self::StrangerFarm,
    ];
}

/// An account, and who is behind it.
pub struct Account {
    pub community: Community,
    pub owner: u32,
    pub mail: String,
    pub phone: Option<String>,
    at_ms: u64,
    browser: String,
    address: IpAddr,
    page: [u8; 16],
}

impl Account {
    /// Its registration.
    pub fn registered(&self) -> Sighting {
        let registration = Registration {
            at_ms: self.at_ms,
            browser: self.browser.clone(),
            address: Some(self.address),
            page: Some(self.page),
            recordings: Vec::new(),
        };
        Sighting {
            registration: Some(registration),
            ..self.logged_in()
        }
    }

    /// A login, later, from anywhere.
    pub fn logged_in(&self) -> Sighting {
        Sighting {
            mailboxes: Mailbox::parse(&self.mail).into_iter().collect(),
            phones: self
                .phone
                .iter()
                .filter_map(|text| Phone::parse(text))
                .collect(),
            registration: None,
        }
    }
}

/// One population in which all of it lives side by side.
pub fn of(seed: u64) -> Vec<Account> {
    let mut maker = Maker {
        random: Random(seed),
        accounts: Vec::new(),
        owners: 0,
        community: Community::Homes,
    };
    maker.homes();
    maker.campus();
    maker.office();
    maker.carrier();
    maker.call_centre();
    maker.mailbox_farm();
    maker.phone_farm();
    maker.series_farm();
    maker.stranger_farm();
    maker.accounts
}

struct Maker {
    random: Random,
    accounts: Vec<Account>,
    owners: u32,
    community: Community,
}

impl Maker {
    fn homes(&mut self) {
        self.community = Community::Homes;
        for _ in 0..2_000 {
            let (mail, phone) = (self.private_mail(), self.phone());
            let first = self.account(mail.clone(), WEEK);
            first.phone = Some(phone.clone());
            if self.random.chance(0.06) {
                let alias = mail.replacen('@', "+shop@", 1);
                self.same_owner(alias, WEEK);
            } else if self.random.chance(0.08) {
                let mail = self.private_mail();
                self.same_owner(mail, WEEK).phone = Some(phone);
            }
        }
    }

    fn campus(&mut self) {
        self.community = Community::Campus;
        let address = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
        for n in 0..5_000 {
            let mail = format!("{}_{n}@campus.example", local_part(&mut self.random, 0.3));
            let day = self.random.below(5);
            let at_ms = (day * 24 + 9) * HOUR + self.random.below(8 * HOUR);
            let kind = self.random.zipf(30);
            let computer = self.random.chance(0.33).then(|| self.random.below(60));
            let browser = format!(
                "campus browser {}",
                computer.map_or(kind, |computer| computer % 3)
            );
            let page = match computer {
                Some(computer) => [
                    computer as u8,
                    day as u8,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                    1,
                ],
                None => self.page(),
            };
            let account = self.account(mail.clone(), WEEK);
            (account.at_ms, account.browser, account.page) = (at_ms, browser, page);
            account.address = address;
            if n % 200 == 0 {
                let alias = mail.replacen('@', "+2@", 1);
                self.same_owner(alias, WEEK).address = address;
            }
        }
    }

    fn office(&mut self) {
        self.community = Community::Office;
        for n in 0..300 {
            let mail = format!("{}{n}@office.example", local_part(&mut self.random, 0.0));
            let account = self.account(mail, 2 * HOUR);
            account.phone = Some("+44 20 7946 0000".to_owned());
            account.address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
            account.browser = "office browser".to_owned();
        }
    }

    fn carrier(&mut self) {
        self.community = Community::Carrier;
        for n in 0..3_000 {
            let mail = self.private_mail();
            let account = self.account(mail, 2 * 24 * HOUR);
            account.address = IpAddr::V4(Ipv4Addr::new(203, 0, (n % 4) as u8, (n / 4 % 250) as u8));
            account.browser = format!("phone browser {}", n % 5);
        }
    }

    fn call_centre(&mut self) {
        self.community = Community::CallCentre;
        for _ in 0..400 {
            let phone = self.phone();
            let account = self.account("none@none.example".to_owned(), WEEK);
            account.phone = Some(phone);
        }
    }

    fn mailbox_farm(&mut self) {
        self.community = Community::MailboxFarm;
        let mailboxes: Vec<_> = (0..4).map(|_| noise(&mut self.random, 9)).collect();
        let phones: Vec<_> = (0..10).map(|_| self.phone()).collect();
        self.owners += 1;
        for n in 0..200 {
            let name = &mailboxes[n % 4];
            let (dot, tag) = (
                1 + self.random.below(8) as usize,
                noise(&mut self.random, 4),
            );
            let mail = format!("{}.{}+{tag}@gmail.com", &name[..dot], &name[dot..]);
            let phone = self
                .random
                .chance(0.33)
                .then(|| phones[self.random.below(10) as usize].clone());
            self.same_owner(mail, WEEK).phone = phone;
        }
    }

    fn phone_farm(&mut self) {
        self.community = Community::PhoneFarm;
        let phones: Vec<_> = (0..3).map(|_| self.phone()).collect();
        self.owners += 1;
        for n in 0..60 {
            let mail = format!("{}@mail0.example", noise(&mut self.random, 10));
            self.same_owner(mail, WEEK).phone = Some(phones[n % 3].clone());
        }
    }

    fn series_farm(&mut self) {
        self.community = Community::SeriesFarm;
        let start = self.random.below(WEEK);
        self.owners += 1;
        for n in 0..100 {
            let mail = format!("katelyn{}@mail1.example", 1_000 + 37 * n);
            let at_ms = start + self.random.below(HOUR / 2);
            let account = self.same_owner(mail, WEEK);
            (account.at_ms, account.browser) = (at_ms, "farm browser".to_owned());
        }
    }

    fn stranger_farm(&mut self) {
        self.community = Community::StrangerFarm;
        self.owners += 1;
        for _ in 0..100 {
            let mail = format!("{}@mail2.example", noise(&mut self.random, 10));
            self.same_owner(mail, WEEK);
        }
    }

    /// An account of somebody new, who comes from anywhere within a time.
    fn account(&mut self, mail: String, within: u64) -> &mut Account {
        self.owners += 1;
        self.same_owner(mail, within)
    }

    fn same_owner(&mut self, mail: String, within: u64) -> &mut Account {
        let random = &mut self.random;
        let octets = (random.next() as u32 | 0x0100_0000).to_be_bytes();
        let account = Account {
            community: self.community,
            owner: self.owners,
            mail,
            phone: None,
            at_ms: random.below(within),
            browser: format!("browser {}", random.zipf(40)),
            address: IpAddr::V4(Ipv4Addr::from(octets)),
            page: self.page(),
        };
        self.accounts.push(account);
        let last = self.accounts.len() - 1;
        &mut self.accounts[last]
    }

    /// With a provider that many have.
    fn private_mail(&mut self) -> String {
        // The number behind makes it unique, as the provider wants it.
        let local = local_part(&mut self.random, 0.5);
        let unique = self.accounts.len();
        let provider = [
            "gmail.com",
            "mail0.example",
            "mail1.example",
            "mail2.example",
        ];
        let provider = provider[self.random.zipf(4) as usize];
        match self.random.chance(0.5) {
            true => format!("{local}_{unique}@{provider}"),
            false => format!(
                "{local}.{}{}@{provider}",
                noise(&mut self.random, 2),
                letters(unique)
            ),
        }
    }

    fn phone(&mut self) -> String {
        format!("+49 151 {:010}", self.random.below(10_000_000_000))
    }

    fn page(&mut self) -> [u8; 16] {
        let mut page = [0; 16];
        page[..8].copy_from_slice(&self.random.next().to_be_bytes());
        page
    }
}

/// A number in letters.
fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    while number > 0 {
        letters.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    letters
}

const HOUR: u64 = 3_600_000;
const WEEK: u64 = 7 * 24 * HOUR;
