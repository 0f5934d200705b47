import { type Catalogue, type Spoken, spoken } from "../widget/language.ts";

/** What is said to visitors of whom a code is asked. */
export type Message =
  /** Names the form. */
  | "title"
  /** A request is under way. */
  | "moment"
  /** A code of `{n}` digits goes `{to}` an address or a number. */
  | "sent"
  /** Another one does; earlier ones are void. */
  | "anew"
  /** Names the field. */
  | "code"
  | "send"
  /** What was entered does not have `{n}` digits. */
  | "digits"
  /** It is not the code; `{n}` attempts are left. */
  | "mismatch"
  /** Asks for another code. */
  | "again"
  /** Not for `{n}` seconds. */
  | "wait"
  /** No further attempt is left. */
  | "exhausted"
  /** The codes' time is over. */
  | "over"
  /** Nothing can be sent to this address or number. */
  | "refused"
  /** The site can send none now, or none more. */
  | "unavailable"
  /** It did not work this time. */
  | "failed"
  /** The verifier was not reached. */
  | "offline"
  | "close";

/** All messages in the language that fits a BCP 47 tag best; English where none does. */
export function words(tag: string): Spoken<Message> {
  return spoken(tag, KEYS, CATALOGUE);
}

const KEYS: Message[] = [
  ...["title", "moment", "sent", "anew", "code", "send", "digits", "mismatch", "again", "wait"],
  ...["exhausted", "over", "refused", "unavailable", "failed", "offline", "close"],
] as Message[];

/** In the order of {@link KEYS}. */
const CATALOGUE: Catalogue = {
  en: "Confirm that it is you|One moment…|A code of {n} digits is on its way to {to}.|A new code is on its way. Earlier ones no longer count.|Code|Continue|Please enter all {n} digits of the code.|That is not the code. Attempts left: {n}|Send a new code|A new code can be sent in {n} s.|Too many wrong codes. Please start again.|This took too long. Please start again.|No code can be sent to you. Please contact the site.|No code can be sent at the moment. Please try again later.|That did not work. Please try again.|No connection. Please try again.|Close",
  de: "Bestätigen Sie, dass Sie es sind|Einen Moment …|Ein Code aus {n} Ziffern ist unterwegs an {to}.|Ein neuer Code ist unterwegs. Frühere gelten nicht mehr.|Code|Weiter|Bitte alle {n} Ziffern des Codes eingeben.|Das ist nicht der Code. Verbleibende Versuche: {n}|Neuen Code senden|Ein neuer Code kann in {n} s gesendet werden.|Zu viele falsche Codes. Bitte neu beginnen.|Zu viel Zeit vergangen. Bitte neu beginnen.|Ihnen kann kein Code gesendet werden. Bitte wenden Sie sich an den Betreiber.|Im Moment kann kein Code gesendet werden. Bitte später noch einmal versuchen.|Das hat nicht geklappt. Bitte noch einmal versuchen.|Keine Verbindung. Bitte noch einmal versuchen.|Schließen",
  fr: "Confirmez que c’est bien vous|Un instant…|Un code à {n} chiffres est en route vers {to}.|Un nouveau code est en route. Les précédents ne sont plus valables.|Code|Continuer|Veuillez saisir les {n} chiffres du code.|Ce n’est pas le bon code. Essais restants : {n}|Envoyer un nouveau code|Un nouveau code pourra être envoyé dans {n} s.|Trop de codes erronés. Veuillez recommencer.|Trop de temps a passé. Veuillez recommencer.|Aucun code ne peut vous être envoyé. Veuillez contacter le site.|Aucun code ne peut être envoyé pour le moment. Veuillez réessayer plus tard.|Cela n’a pas fonctionné. Veuillez réessayer.|Pas de connexion. Veuillez réessayer.|Fermer",
  es: "Confirme que es usted|Un momento…|Un código de {n} dígitos va de camino a {to}.|Un nuevo código va de camino. Los anteriores ya no sirven.|Código|Continuar|Introduzca los {n} dígitos del código.|Ese no es el código. Intentos restantes: {n}|Enviar un código nuevo|Se podrá enviar otro código en {n} s.|Demasiados códigos erróneos. Empiece de nuevo.|Ha pasado demasiado tiempo. Empiece de nuevo.|No se le puede enviar ningún código. Póngase en contacto con el sitio.|Ahora no se puede enviar ningún código. Inténtelo más tarde.|No ha funcionado. Inténtelo de nuevo.|Sin conexión. Inténtelo de nuevo.|Cerrar",
  it: "Conferma la tua identità|Un momento…|Un codice di {n} cifre è in arrivo a {to}.|Un nuovo codice è in arrivo. I precedenti non valgono più.|Codice|Continua|Inserisci tutte le {n} cifre del codice.|Non è il codice giusto. Tentativi rimasti: {n}|Invia un nuovo codice|Potrai ricevere un altro codice tra {n} s.|Troppi codici errati. Ricomincia.|È passato troppo tempo. Ricomincia.|Non è possibile inviarti un codice. Contatta il sito.|Al momento non è possibile inviare codici. Riprova più tardi.|Non ha funzionato. Riprova.|Nessuna connessione. Riprova.|Chiudi",
  pt: "Confirme que é você|Um momento…|Um código de {n} dígitos está a caminho de {to}.|Um novo código está a caminho. Os anteriores já não valem.|Código|Continuar|Digite os {n} dígitos do código.|Esse não é o código. Tentativas restantes: {n}|Enviar um novo código|Um novo código pode ser enviado em {n} s.|Muitos códigos errados. Comece de novo.|Passou muito tempo. Comece de novo.|Não é possível enviar um código para você. Contate o site.|No momento não é possível enviar códigos. Tente mais tarde.|Não funcionou. Tente novamente.|Sem conexão. Tente novamente.|Fechar",
  nl: "Bevestig dat u het bent|Een ogenblik…|Een code van {n} cijfers is onderweg naar {to}.|Een nieuwe code is onderweg. Eerdere gelden niet meer.|Code|Verder|Voer alle {n} cijfers van de code in.|Dat is niet de code. Resterende pogingen: {n}|Nieuwe code verzenden|Over {n} s kan een nieuwe code worden verzonden.|Te veel onjuiste codes. Begin opnieuw.|Dit duurde te lang. Begin opnieuw.|Er kan u geen code worden gestuurd. Neem contact op met de site.|Er kan nu geen code worden verzonden. Probeer het later opnieuw.|Dat is niet gelukt. Probeer het opnieuw.|Geen verbinding. Probeer het opnieuw.|Sluiten",
  pl: "Potwierdź, że to Ty|Chwileczkę…|Kod (liczba cyfr: {n}) jest w drodze do {to}.|Nowy kod jest w drodze. Wcześniejsze nie są już ważne.|Kod|Dalej|Wpisz cały kod. Liczba cyfr: {n}|To nie jest ten kod. Pozostałe próby: {n}|Wyślij nowy kod|Nowy kod można wysłać za {n} s.|Zbyt wiele błędnych kodów. Zacznij od nowa.|Minęło zbyt dużo czasu. Zacznij od nowa.|Nie można wysłać Ci kodu. Skontaktuj się z witryną.|Teraz nie można wysłać kodu. Spróbuj później.|Nie udało się. Spróbuj ponownie.|Brak połączenia. Spróbuj ponownie.|Zamknij",
  ja: "ご本人であることの確認|お待ちください…|{n} 桁のコードを {to} に送信しました。|新しいコードを送信しました。以前のコードは無効です。|コード|続ける|コードの {n} 桁をすべて入力してください。|コードが違います。残りの回数：{n}|新しいコードを送る|新しいコードは {n} 秒後に送信できます。|間違いが多すぎます。最初からやり直してください。|時間が経ちすぎました。最初からやり直してください。|コードを送信できません。サイトにお問い合わせください。|現在コードを送信できません。後でもう一度お試しください。|うまくいきませんでした。もう一度お試しください。|接続できません。もう一度お試しください。|閉じる",
  ar: "أكّد أنك أنت|لحظة من فضلك…|رمز من {n} أرقام في طريقه إلى {to}.|رمز جديد في طريقه إليك. الرموز السابقة لم تعد صالحة.|الرمز|متابعة|يرجى إدخال جميع أرقام الرمز، وعددها {n}.|هذا ليس الرمز الصحيح. المحاولات المتبقية: {n}|إرسال رمز جديد|يمكن إرسال رمز جديد بعد {n} ث.|رموز خاطئة كثيرة. يرجى البدء من جديد.|مرّ وقت طويل. يرجى البدء من جديد.|لا يمكن إرسال رمز إليك. يرجى التواصل مع الموقع.|لا يمكن إرسال رمز الآن. يرجى المحاولة لاحقًا.|لم ينجح ذلك. يرجى المحاولة مرة أخرى.|لا يوجد اتصال. يرجى المحاولة مرة أخرى.|إغلاق",
  tr: "Siz olduğunuzu onaylayın|Bir saniye…|{n} haneli bir kod yolda: {to}|Yeni bir kod yolda. Öncekiler artık geçerli değil.|Kod|Devam|Lütfen kodun {n} hanesini de girin.|Kod bu değil. Kalan deneme: {n}|Yeni kod gönder|Yeni kod {n} sn sonra gönderilebilir.|Çok fazla yanlış kod. Lütfen baştan başlayın.|Çok zaman geçti. Lütfen baştan başlayın.|Size kod gönderilemiyor. Lütfen siteyle iletişime geçin.|Şu anda kod gönderilemiyor. Lütfen daha sonra deneyin.|Olmadı. Lütfen tekrar deneyin.|Bağlantı yok. Lütfen tekrar deneyin.|Kapat",
  ru: "Подтвердите, что это вы|Минутку…|Код (цифр: {n}) отправлен на {to}.|Отправлен новый код. Прежние больше не действуют.|Код|Дальше|Введите код полностью. Цифр: {n}|Это не тот код. Осталось попыток: {n}|Отправить новый код|Новый код можно отправить через {n} с.|Слишком много неверных кодов. Начните заново.|Прошло слишком много времени. Начните заново.|Вам нельзя отправить код. Обратитесь к владельцу сайта.|Сейчас отправить код нельзя. Попробуйте позже.|Не получилось. Попробуйте ещё раз.|Нет соединения. Попробуйте ещё раз.|Закрыть",
  uk: "Підтвердьте, що це ви|Хвилинку…|Код (цифр: {n}) надіслано на {to}.|Надіслано новий код. Попередні більше не діють.|Код|Далі|Введіть код повністю. Цифр: {n}|Це не той код. Залишилося спроб: {n}|Надіслати новий код|Новий код можна надіслати через {n} с.|Забагато неправильних кодів. Почніть спочатку.|Минуло забагато часу. Почніть спочатку.|Вам не можна надіслати код. Зверніться до власника сайту.|Зараз надіслати код не можна. Спробуйте пізніше.|Не вдалося. Спробуйте ще раз.|Немає з’єднання. Спробуйте ще раз.|Закрити",
  cs: "Potvrďte, že jste to vy|Okamžik…|Kód (počet číslic: {n}) je na cestě na {to}.|Nový kód je na cestě. Dřívější už neplatí.|Kód|Pokračovat|Zadejte celý kód. Počet číslic: {n}|To není ten kód. Zbývající pokusy: {n}|Poslat nový kód|Nový kód lze poslat za {n} s.|Příliš mnoho chybných kódů. Začněte znovu.|Uplynulo příliš mnoho času. Začněte znovu.|Kód vám nelze poslat. Obraťte se na provozovatele webu.|Teď nelze kód poslat. Zkuste to později.|Nepodařilo se. Zkuste to znovu.|Žádné připojení. Zkuste to znovu.|Zavřít",
  sv: "Bekräfta att det är du|Ett ögonblick…|En kod med {n} siffror är på väg till {to}.|En ny kod är på väg. Tidigare gäller inte längre.|Kod|Fortsätt|Ange alla {n} siffror i koden.|Det är inte koden. Återstående försök: {n}|Skicka en ny kod|En ny kod kan skickas om {n} s.|För många felaktiga koder. Börja om.|Det tog för lång tid. Börja om.|Ingen kod kan skickas till dig. Kontakta webbplatsen.|Ingen kod kan skickas just nu. Försök senare.|Det fungerade inte. Försök igen.|Ingen anslutning. Försök igen.|Stäng",
  zh: "请确认是您本人|请稍候…|{n} 位验证码已发送至 {to}。|新的验证码已发送，之前的不再有效。|验证码|继续|请输入全部 {n} 位验证码。|验证码不正确。剩余次数：{n}|发送新的验证码|{n} 秒后可发送新的验证码。|错误次数过多，请重新开始。|时间过长，请重新开始。|无法向您发送验证码，请联系网站。|目前无法发送验证码，请稍后再试。|未成功，请重试。|无法连接，请重试。|关闭",
  "zh-Hant": "請確認是您本人|請稍候…|{n} 位驗證碼已傳送至 {to}。|新的驗證碼已傳送，先前的不再有效。|驗證碼|繼續|請輸入全部 {n} 位驗證碼。|驗證碼不正確。剩餘次數：{n}|傳送新的驗證碼|{n} 秒後可傳送新的驗證碼。|錯誤次數過多，請重新開始。|時間過長，請重新開始。|無法向您傳送驗證碼，請聯絡網站。|目前無法傳送驗證碼，請稍後再試。|未成功，請再試一次。|無法連線，請再試一次。|關閉",
  ko: "본인 확인|잠시만 기다려 주세요…|{n}자리 코드를 {to}(으)로 보냈습니다.|새 코드를 보냈습니다. 이전 코드는 더 이상 유효하지 않습니다.|코드|계속|코드 {n}자리를 모두 입력해 주세요.|코드가 아닙니다. 남은 횟수: {n}|새 코드 보내기|{n}초 후에 새 코드를 보낼 수 있습니다.|잘못된 코드가 너무 많습니다. 처음부터 다시 시작해 주세요.|시간이 너무 오래 지났습니다. 처음부터 다시 시작해 주세요.|코드를 보낼 수 없습니다. 사이트에 문의해 주세요.|지금은 코드를 보낼 수 없습니다. 나중에 다시 시도해 주세요.|되지 않았습니다. 다시 시도해 주세요.|연결할 수 없습니다. 다시 시도해 주세요.|닫기",
};
