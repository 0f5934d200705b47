/** Colours as in the checkbox, by what the visitor's system prefers; one column of buttons where there is room for no more. */
export const DIALOG_CSS = `
dialog{--text:#1f1f1f;--back:#fff;--line:#6f6f6f;--soft:#595959;--pick:#e3ecfb;--focus:#0b57d0;
box-sizing:border-box;position:fixed;inset:0;margin:auto;width:400px;max-width:calc(100vw - 16px);height:fit-content;max-height:calc(100vh - 16px);overflow:auto;padding:16px;border:1px solid var(--line);border-radius:8px;
background:var(--back);color:var(--text);font:16px/1.45 system-ui,sans-serif;text-align:start}
dialog[open]{display:block}
dialog::backdrop{background:rgba(0,0,0,.55)}
p,h2{margin:0;font-size:inherit}
.title{font-size:14px;color:var(--soft)}
h2{margin:4px 0 12px;font-size:20px;line-height:1.3;font-weight:600}
h2:focus{outline:none}
.choices{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:8px}
button{all:unset;box-sizing:border-box;min-height:44px;padding:8px 12px;border:1px solid var(--line);border-radius:6px;background:var(--back);cursor:pointer;text-align:center;overflow-wrap:anywhere}
.choice{display:flex;align-items:center;gap:10px;text-align:start}
.picture{font-size:24px;line-height:1}
button:hover{background:var(--pick)}
button:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
[aria-pressed=true]{background:var(--pick);border-color:var(--focus);box-shadow:inset 0 0 0 2px var(--focus)}
.send{width:100%;margin-top:12px;font-weight:600}
[role=status]:not(:empty){margin-bottom:8px}
.foot{margin-top:12px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:8px}
.foot button{border-color:transparent;color:var(--soft);text-decoration:underline}
@media (prefers-color-scheme:dark){dialog{--text:#f2f2f2;--back:#242424;--line:#9a9a9a;--soft:#c4c4c4;--pick:#34435c;--focus:#a8c7fa}}
@media (forced-colors:active){[aria-pressed=true]{outline:3px solid Highlight}button,.foot button{border-color:ButtonText}}
`;
