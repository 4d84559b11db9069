export const STYLE = `
:host{--bg:#fff;--soft:#f2f4f3;--line:#d9dedc;--text:#17201d;--quiet:#55615d;--bad:#b3261e}
@media (prefers-color-scheme:dark){:host{--bg:#171c1a;--soft:#232a27;--line:#38413d;--text:#edf1ef;
  --quiet:#a4b0ab;--bad:#ff8a80}}
*{box-sizing:border-box}
.panel{position:fixed;bottom:88px;right:20px;width:380px;max-width:calc(100vw - 40px);height:600px;
  max-height:calc(100dvh - 110px);display:flex;flex-direction:column;background:var(--bg);color:var(--text);
  border:1px solid var(--line);border-radius:14px;overflow:hidden;box-shadow:0 12px 40px #0003;
  font:15px/1.45 system-ui,sans-serif}
:host(.left) .panel{right:auto;left:20px}
.panel[hidden]{display:none}
header{display:flex;align-items:center;gap:8px;padding:12px 8px 12px 16px;background:var(--c);color:var(--on)}
h2{flex:1;margin:0;font:600 16px/1.3 system-ui,sans-serif;overflow-wrap:anywhere}
header .icon{color:inherit}
.icon{all:unset;box-sizing:border-box;display:grid;place-items:center;flex:none;width:40px;height:40px;
  border-radius:8px;cursor:pointer;color:var(--quiet)}
.icon:hover{background:#8883}
.icon svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
  stroke-linejoin:round}
.icon[aria-pressed=false]{opacity:.65}
:focus-visible{outline:2px solid var(--ring,var(--text));outline-offset:-2px}
header :focus-visible{--ring:var(--on)}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:4px}
.hello{margin:0 0 12px;font-size:17px}
.note{margin:0 0 8px;color:var(--quiet);font-size:13px}
.m{max-width:85%;align-self:flex-start;margin-top:8px}
.m.me{align-self:flex-end;text-align:left}
.who{display:block;margin:0 0 2px;color:var(--quiet);font-size:12px}
.t{margin:0;padding:8px 12px;border-radius:12px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.me .t{background:var(--c);color:var(--on)}
.t a{color:inherit;text-decoration:underline}
.t.gone{font-style:italic;opacity:.8}
.f{display:block;margin-top:4px;color:inherit}
.f canvas{display:block;max-width:220px;max-height:220px;border-radius:10px;border:1px solid var(--line)}
.f:not(:has(canvas)){padding:8px 12px;border:1px solid var(--line);border-radius:10px;overflow-wrap:anywhere}
.s{display:block;margin-top:2px;color:var(--quiet);font-size:12px}
.me .s{text-align:right}
.s.bad{color:var(--bad)}
.link{all:unset;cursor:pointer;text-decoration:underline;color:inherit}
.link:focus-visible{outline:2px solid var(--text)}
.older{align-self:center;padding:4px 8px;font-size:13px;color:var(--quiet)}
.status{min-height:22px;padding:0 16px;color:var(--quiet);font-size:13px}
.off{margin:0;padding:6px 16px;background:var(--soft);font-size:13px}
[hidden]{display:none!important}
.write{display:flex;align-items:flex-end;gap:4px;padding:8px;border-top:1px solid var(--line)}
textarea,input,select{width:100%;padding:9px 10px;border:1px solid var(--quiet);border-radius:8px;background:var(--bg);
  color:var(--text);font:16px/1.4 system-ui,sans-serif}
.write textarea{flex:1;min-height:42px;max-height:140px;resize:none}
.files{display:flex;flex-wrap:wrap;gap:4px;padding:0 8px;margin:0;list-style:none}
.files li{display:flex;align-items:center;max-width:100%;padding-left:10px;border-radius:8px;background:var(--soft);
  font-size:13px;overflow-wrap:anywhere}
.files .icon{width:32px;height:32px}
.form{display:flex;flex-direction:column;gap:12px;padding:16px;overflow-y:auto;flex:1}
.form label{display:block;font-size:14px}
.form .o{color:var(--quiet)}
.do{all:unset;box-sizing:border-box;padding:10px 16px;border-radius:8px;background:var(--c);color:var(--on);
  font-weight:600;text-align:center;cursor:pointer}
.do:focus-visible{outline:3px solid var(--text);outline-offset:2px}
.bad{color:var(--bad);margin:0;font-size:14px}
.rate{margin:12px 0 0;padding:12px;border:1px solid var(--line);border-radius:12px}
.rate legend{padding:0 4px;font-weight:600}
.scores{display:flex;gap:6px;margin:0 0 10px}
.scores label{flex:1;position:relative;display:grid;place-items:center;height:40px;border:1px solid var(--line);
  border-radius:8px;cursor:pointer}
.scores input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
.scores label:has(:checked){background:var(--c);color:var(--on)}
.scores label:has(:focus-visible){outline:2px solid var(--text);outline-offset:2px}
.rate .do{display:block;margin-top:8px}
.ends{display:flex;justify-content:space-between;margin:0 0 4px;color:var(--quiet);font-size:12px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:520px){.panel,:host(.left) .panel{inset:0;width:100%;max-width:none;height:100dvh;
  max-height:none;border:0;border-radius:0}}
@media (prefers-reduced-motion:no-preference){.panel{animation:in .16s ease-out}
  @keyframes in{from{opacity:0;transform:translateY(8px)}}}
@media (forced-colors:active){.me .t,.do,header{border:1px solid}}`;
