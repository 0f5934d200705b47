import { type Catalogue, type Spoken, spoken } from "./language.ts";

/** What is said to visitors. */
export type Message =
  /** Beside the box to tick. */
  | "label"
  | "working"
  | "passed"
  | "expired"
  /** The verifier was not reached. */
  | "error"
  /** Names the dialog with a question. */
  | "title"
  /** `{n}` of `{m}` questions. */
  | "round"
  /** After a wrong answer, above the next question. */
  | "retry"
  /** Sends an answer of several options. */
  | "send"
  /** Asks for another question. */
  | "another"
  | "close";

/** All messages in the language that fits a BCP 47 tag best, and that language; English where none does. */
export function messages(tag: string): Spoken<Message> {
  return spoken(tag, KEYS, CATALOGUE);
}

const KEYS: Message[] = [
  ...["label", "working", "passed", "expired", "error"],
  ...["title", "round", "retry", "send", "another", "close"],
] as Message[];

/** In the order of {@link KEYS}. */
const CATALOGUE: Catalogue = {
  en: "I am a person|Checking…|Confirmed|This took too long. Please confirm again.|No connection. Please try again.|A short question|Question {n} of {m}|That was not right. Here is another question.|Continue|Another question|Close",
  de: "Ich bin ein Mensch|Wird geprüft …|Bestätigt|Zu viel Zeit vergangen. Bitte erneut bestätigen.|Keine Verbindung. Bitte noch einmal versuchen.|Eine kurze Frage|Frage {n} von {m}|Das war nicht richtig. Hier ist eine andere Frage.|Weiter|Andere Frage|Schließen",
  fr: "Je suis une personne|Vérification…|Confirmé|Trop de temps a passé. Veuillez confirmer à nouveau.|Pas de connexion. Veuillez réessayer.|Une petite question|Question {n} sur {m}|Ce n’était pas la bonne réponse. Voici une autre question.|Continuer|Autre question|Fermer",
  es: "Soy una persona|Comprobando…|Confirmado|Ha pasado demasiado tiempo. Confirme de nuevo.|Sin conexión. Inténtelo de nuevo.|Una pregunta breve|Pregunta {n} de {m}|No era correcto. Aquí tiene otra pregunta.|Continuar|Otra pregunta|Cerrar",
  it: "Sono una persona|Verifica in corso…|Confermato|È passato troppo tempo. Conferma di nuovo.|Nessuna connessione. Riprova.|Una breve domanda|Domanda {n} di {m}|Non era la risposta giusta. Ecco un’altra domanda.|Continua|Un’altra domanda|Chiudi",
  pt: "Sou uma pessoa|Verificando…|Confirmado|Passou muito tempo. Confirme novamente.|Sem conexão. Tente novamente.|Uma pergunta breve|Pergunta {n} de {m}|Não estava certo. Aqui está outra pergunta.|Continuar|Outra pergunta|Fechar",
  nl: "Ik ben een mens|Bezig met controleren…|Bevestigd|Dit duurde te lang. Bevestig opnieuw.|Geen verbinding. Probeer het opnieuw.|Een korte vraag|Vraag {n} van {m}|Dat was niet juist. Hier is een andere vraag.|Verder|Andere vraag|Sluiten",
  pl: "Jestem człowiekiem|Sprawdzanie…|Potwierdzono|Minęło zbyt dużo czasu. Potwierdź ponownie.|Brak połączenia. Spróbuj ponownie.|Krótkie pytanie|Pytanie {n} z {m}|To nie była dobra odpowiedź. Oto inne pytanie.|Dalej|Inne pytanie|Zamknij",
  ja: "私は人間です|確認しています…|確認しました|時間が経ちすぎました。もう一度確認してください。|接続できません。もう一度お試しください。|簡単な質問|質問 {n}/{m}|正解ではありませんでした。別の質問です。|続ける|別の質問にする|閉じる",
  ar: "أنا إنسان|جارٍ التحقق…|تم التأكيد|مرّ وقت طويل. يرجى التأكيد من جديد.|لا يوجد اتصال. يرجى المحاولة مرة أخرى.|سؤال قصير|السؤال {n} من {m}|لم تكن الإجابة صحيحة. إليك سؤالًا آخر.|متابعة|سؤال آخر|إغلاق",
  tr: "Ben bir insanım|Kontrol ediliyor…|Onaylandı|Çok zaman geçti. Lütfen yeniden onaylayın.|Bağlantı yok. Lütfen tekrar deneyin.|Kısa bir soru|Soru {n} / {m}|Bu doğru değildi. İşte başka bir soru.|Devam|Başka soru|Kapat",
  ru: "Я человек|Проверка…|Подтверждено|Прошло слишком много времени. Подтвердите ещё раз.|Нет соединения. Попробуйте ещё раз.|Короткий вопрос|Вопрос {n} из {m}|Это был неверный ответ. Вот другой вопрос.|Дальше|Другой вопрос|Закрыть",
  uk: "Я людина|Перевірка…|Підтверджено|Минуло забагато часу. Підтвердьте ще раз.|Немає з’єднання. Спробуйте ще раз.|Коротке запитання|Запитання {n} з {m}|Це була неправильна відповідь. Ось інше запитання.|Далі|Інше запитання|Закрити",
  cs: "Jsem člověk|Ověřování…|Potvrzeno|Uplynulo příliš mnoho času. Potvrďte to znovu.|Žádné připojení. Zkuste to znovu.|Krátká otázka|Otázka {n} z {m}|To nebylo správně. Tady je jiná otázka.|Pokračovat|Jiná otázka|Zavřít",
  sv: "Jag är en människa|Kontrollerar…|Bekräftat|Det tog för lång tid. Bekräfta igen.|Ingen anslutning. Försök igen.|En kort fråga|Fråga {n} av {m}|Det var inte rätt. Här kommer en annan fråga.|Fortsätt|Annan fråga|Stäng",
  zh: "我是真人|正在验证…|已确认|时间过长，请重新确认。|无法连接，请重试。|一个简单的问题|第 {n} 题，共 {m} 题|回答不正确，请回答另一个问题。|继续|换一个问题|关闭",
  "zh-Hant": "我是真人|正在驗證…|已確認|時間過長，請重新確認。|無法連線，請再試一次。|一個簡單的問題|第 {n} 題，共 {m} 題|回答不正確，請回答另一個問題。|繼續|換一個問題|關閉",
  ko: "저는 사람입니다|확인하는 중…|확인되었습니다|시간이 너무 오래 지났습니다. 다시 확인해 주세요.|연결할 수 없습니다. 다시 시도해 주세요.|간단한 질문|질문 {n}/{m}|정답이 아닙니다. 다른 질문입니다.|계속|다른 질문|닫기",
};
