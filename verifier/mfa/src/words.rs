//! What the messages say, in the languages of the widget. `{site}` is the site's host or name, `{code}` the code, `{minutes}` a
//! number. Free of markup characters.

/// The words of a language.
pub(crate) struct Words {
    /// Its tag.
    pub tag: &'static str,
    /// Whether its lines begin at the right.
    pub is_rtl: bool,
    /// The subject of the mail. The code is not in it: subjects are shown on locked screens, and logged by mail servers.
    pub subject: &'static str,
    /// Above the code.
    pub enter: &'static str,
    /// Below it.
    pub lifetime: &'static str,
    /// For those who did not ask for it: whoever did knows their password.
    pub warning: &'static str,
    /// The whole text message.
    pub text: &'static str,
}

/// All languages, English first.
pub(crate) const WORDS: &[Words] = &[
    Words {
        tag: "en",
        is_rtl: false,
        subject: "Your code for {site}",
        enter: "Enter this code at {site}:",
        lifetime: "It is valid for {minutes} minutes.",
        warning: "Give it to nobody. If you did not just sign in at {site}, somebody else may know your password: change it.",
        text: "{code} is your code for {site}. It is valid for {minutes} minutes. Give it to nobody.",
    },
    Words {
        tag: "ar",
        is_rtl: true,
        subject: "رمزك لموقع {site}",
        enter: "أدخل هذا الرمز في {site}:",
        lifetime: "الرمز صالح لمدة {minutes} دقيقة.",
        warning: "لا تعطه لأحد. إذا لم تسجّل الدخول الآن إلى {site} فقد يكون شخص آخر يعرف كلمة مرورك: غيّرها.",
        text: "{code} هو رمزك لموقع {site}. الرمز صالح لمدة {minutes} دقيقة. لا تعطه لأحد.",
    },
    Words {
        tag: "de",
        is_rtl: false,
        subject: "Ihr Code für {site}",
        enter: "Geben Sie diesen Code bei {site} ein:",
        lifetime: "Er gilt {minutes} Minuten lang.",
        warning: "Geben Sie ihn niemandem. Wenn Sie sich nicht gerade bei {site} angemeldet haben, kennt vielleicht jemand Ihr Passwort: Ändern Sie es.",
        text: "{code} ist Ihr Code für {site}. Er gilt {minutes} Minuten lang. Geben Sie ihn niemandem.",
    },
    Words {
        tag: "es",
        is_rtl: false,
        subject: "Su código para {site}",
        enter: "Introduzca este código en {site}:",
        lifetime: "Es válido durante {minutes} minutos.",
        warning: "No se lo dé a nadie. Si no acaba de iniciar sesión en {site}, puede que otra persona conozca su contraseña: cámbiela.",
        text: "{code} es su código para {site}. Es válido durante {minutes} minutos. No se lo dé a nadie.",
    },
    Words {
        tag: "fr",
        is_rtl: false,
        subject: "Votre code pour {site}",
        enter: "Saisissez ce code sur {site} :",
        lifetime: "Il est valable {minutes} minutes.",
        warning: "Ne le donnez à personne. Si vous ne venez pas de vous connecter à {site}, quelqu’un connaît peut-être votre mot de passe : changez-le.",
        text: "{code} est votre code pour {site}. Il est valable {minutes} minutes. Ne le donnez à personne.",
    },
    Words {
        tag: "it",
        is_rtl: false,
        subject: "Il tuo codice per {site}",
        enter: "Inserisci questo codice su {site}:",
        lifetime: "È valido per {minutes} minuti.",
        warning: "Non darlo a nessuno. Se non hai appena effettuato l’accesso a {site}, qualcun altro potrebbe conoscere la tua password: cambiala.",
        text: "{code} è il tuo codice per {site}. È valido per {minutes} minuti. Non darlo a nessuno.",
    },
    Words {
        tag: "ja",
        is_rtl: false,
        subject: "{site} の確認コード",
        enter: "{site} で次のコードを入力してください。",
        lifetime: "有効期間は {minutes} 分です。",
        warning: "このコードを誰にも教えないでください。{site} にログインした覚えがない場合、パスワードを他人に知られている可能性があります。パスワードを変更してください。",
        text: "{site} の確認コードは {code} です。有効期間は {minutes} 分です。誰にも教えないでください。",
    },
    Words {
        tag: "nl",
        is_rtl: false,
        subject: "Uw code voor {site}",
        enter: "Voer deze code in bij {site}:",
        lifetime: "De code is {minutes} minuten geldig.",
        warning: "Geef hem aan niemand. Als u niet zojuist bij {site} hebt ingelogd, kent iemand anders misschien uw wachtwoord: wijzig het.",
        text: "{code} is uw code voor {site}. De code is {minutes} minuten geldig. Geef hem aan niemand.",
    },
    Words {
        tag: "pl",
        is_rtl: false,
        subject: "Twój kod do {site}",
        enter: "Wpisz ten kod na stronie {site}:",
        lifetime: "Jest ważny przez {minutes} minut.",
        warning: "Nie podawaj go nikomu. Jeśli to nie Ty logujesz się teraz do {site}, ktoś może znać Twoje hasło: zmień je.",
        text: "{code} to Twój kod do {site}. Jest ważny przez {minutes} minut. Nie podawaj go nikomu.",
    },
    Words {
        tag: "pt",
        is_rtl: false,
        subject: "O seu código para {site}",
        enter: "Introduza este código em {site}:",
        lifetime: "É válido durante {minutes} minutos.",
        warning: "Não o dê a ninguém. Se não acabou de entrar em {site}, outra pessoa pode saber a sua palavra-passe: altere-a.",
        text: "{code} é o seu código para {site}. É válido durante {minutes} minutos. Não o dê a ninguém.",
    },
    Words {
        tag: "tr",
        is_rtl: false,
        subject: "{site} için kodunuz",
        enter: "Bu kodu {site} sitesinde girin:",
        lifetime: "Kod {minutes} dakika geçerlidir.",
        warning: "Kodu kimseye vermeyin. Az önce {site} sitesinde oturum açmadıysanız başka biri parolanızı biliyor olabilir: parolanızı değiştirin.",
        text: "{site} için kodunuz {code}. Kod {minutes} dakika geçerlidir. Kimseye vermeyin.",
    },
];
