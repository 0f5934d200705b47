/** As the dialog of questions: every text reaches 4.5:1, every line 3:1, and the system's own colours show where it chooses them. */
export const FACTOR_CSS = `
dialog,.card{--text:#1f1f1f;--back:#fff;--line:#6f6f6f;--soft:#595959;--pick:#e3ecfb;--bad:#a80018;--focus:#0b57d0;
box-sizing:border-box;padding:16px;border:1px solid var(--line);border-radius:8px;background:var(--back);color:var(--text);font:16px/1.45 system-ui,sans-serif;text-align:start}
dialog{position:fixed;inset:0;margin:auto;width:400px;max-width:calc(100vw - 16px);height:fit-content;max-height:calc(100vh - 16px);overflow:auto}
dialog[open]{display:block}
dialog::backdrop{background:rgba(0,0,0,.55)}
.card{max-width:400px}
[hidden]{display:none!important}
p,h2{margin:0 0 12px;font-size:inherit;overflow-wrap:anywhere}
p:empty{margin:0}
h2{font-size:20px;line-height:1.3;font-weight:600}
h2:focus{outline:none}
.bad{color:var(--bad)}
label{display:block;margin-bottom:4px;font-weight:600}
input{all:unset;box-sizing:border-box;width:100%;min-height:48px;padding:8px 12px;border:1px solid var(--line);border-radius:6px;background:var(--back);
font:24px/1.3 ui-monospace,monospace;letter-spacing:.2em;text-align:center;cursor:text}
[aria-invalid=true]{border:2px solid var(--bad)}
button{all:unset;box-sizing:border-box;min-height:44px;padding:8px 12px;border:1px solid var(--line);border-radius:6px;background:var(--back);cursor:pointer;text-align:center;overflow-wrap:anywhere}
button:hover{background:var(--pick)}
button:focus-visible,input:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
.send{width:100%;margin-top:12px;font-weight:600}
.foot{margin-top:12px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:8px}
.foot button{border-color:transparent;color:var(--soft);text-decoration:underline}
@media (prefers-color-scheme:dark){dialog,.card:not(.light){--text:#f2f2f2;--back:#242424;--line:#9a9a9a;--soft:#c4c4c4;--pick:#34435c;--bad:#ffb3ab;--focus:#a8c7fa}}
@media (forced-colors:active){input{border-color:ButtonText}button,.foot button{border-color:ButtonText}}
`;
