/**
 * The frame has the outer size that pages with a checkbox widget leave room for, and grows where text is larger. All colours
 * of text reach 4.5:1 and all lines 3:1; where the system chooses the colours, its own show.
 */
export const CHECKBOX_CSS = `
.frame{--text:#1f1f1f;--back:#fafafa;--line:#6f6f6f;--soft:#595959;--good:#0a6b2d;--bad:#a80018;--focus:#0b57d0;
box-sizing:border-box;display:flex;flex-wrap:wrap;align-items:center;min-height:78px;padding:6px 10px;border:1px solid var(--line);border-radius:4px;
background:var(--back);color:var(--text);font:14px/1.4 system-ui,sans-serif;text-align:start}
.dark{--text:#f2f2f2;--back:#242424;--line:#9a9a9a;--soft:#c4c4c4;--good:#6fdc93;--bad:#ffb3ab;--focus:#a8c7fa}
.compact{flex-direction:column;align-items:stretch;justify-content:space-between;min-height:144px;flex-wrap:nowrap}
button{all:unset;box-sizing:border-box;flex:1 1 100%;display:flex;align-items:center;gap:12px;min-height:44px;padding:2px 4px;border-radius:4px;cursor:pointer}
.compact button{flex:none}
button:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
.tick{box-sizing:border-box;flex:none;position:relative;width:28px;height:28px;border:2px solid var(--line);border-radius:4px;background:var(--back)}
button:hover .tick{border-color:var(--focus)}
.tick::after{content:"";position:absolute;box-sizing:border-box}
[data-state=working] .tick{border-radius:50%;border-top-color:transparent;animation:turn 1s linear infinite}
[data-state=passed] .tick{border-color:var(--good)}
[data-state=passed] .tick::after{left:7px;top:1px;width:10px;height:18px;border:solid var(--good);border-width:0 3px 3px 0;transform:rotate(45deg)}
[data-state=error] .tick,[data-state=expired] .tick{border-color:var(--bad)}
.name{font-size:11px;line-height:1.4;color:var(--soft);margin-inline-start:8px;align-self:end}
[role=status]{flex:1;font-size:12px;line-height:1.3;color:var(--soft);padding-inline:4px}
.compact [role=status]{flex:none}
[data-state=passed] [role=status]{color:var(--good)}
[data-state=error] [role=status],[data-state=expired] [role=status]{color:var(--bad)}
@keyframes turn{to{transform:rotate(1turn)}}
@media (prefers-reduced-motion:reduce){.tick{animation:none!important;border-style:dashed;border-color:var(--line)!important}
[data-state=passed] .tick,[data-state=idle] .tick{border-style:solid}}
@media (forced-colors:active){[data-state=working] .tick{border-top-color:Canvas;forced-color-adjust:none}.tick,.frame{border-color:ButtonText}}
`;
