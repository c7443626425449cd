extension HTMLReport {
    static let style = #"""
        :root { color-scheme: light; --ground:#fbfaf7; --card:#fff; --ink:#1d2327; --soft:#5c666d; --line:#dcd9d1;
          --focus:#1a5fb4; --bad:#b3261e; --bad-ground:#fde7e4; --skip:#775c12;
          --r1:#e2efe9; --r2:#c0ded0; --r3:#93c6b0; --r4:#5fa78b; --r5:#347f66; --box:#f3f1eb; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { color-scheme: dark; --ground:#14181b; --card:#1c2226;
          --ink:#e6e9ea; --soft:#9aa5ab; --line:#333c42; --focus:#8ab8ff; --bad:#ff8a80; --bad-ground:#4a1f1c; --skip:#d9bd6a;
          --r1:#1e332d; --r2:#22493e; --r3:#286350; --r4:#318066; --r5:#45a384; --box:#242c31; } }
        :root[data-theme=dark] { color-scheme: dark; --ground:#14181b; --card:#1c2226;
          --ink:#e6e9ea; --soft:#9aa5ab; --line:#333c42; --focus:#8ab8ff; --bad:#ff8a80; --bad-ground:#4a1f1c; --skip:#d9bd6a;
          --r1:#1e332d; --r2:#22493e; --r3:#286350; --r4:#318066; --r5:#45a384; --box:#242c31; }
        * { box-sizing: border-box; } html { scroll-padding-top:5rem; }
        body { margin:0; background:var(--ground); color:var(--ink); font:15px/1.5 system-ui, sans-serif; }
        code, .mono, svg text, td, .steps { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
        .bar { position:sticky; top:0; z-index:3; display:flex; flex-wrap:wrap; gap:.5rem 1.25rem; align-items:center;
          padding:.6rem 1.25rem; background:var(--card); border-bottom:1px solid var(--line); }
        .bar h1 { font-size:1.05rem; margin:0; letter-spacing:.02em; }
        .bar form { display:flex; gap:.5rem 1rem; align-items:center; margin-left:auto; flex-wrap:wrap; }
        ::placeholder { color:var(--soft); opacity:1; }
        input[type=search], button { font:inherit; color:inherit; background:var(--ground); border:1px solid var(--line);
          border-radius:6px; padding:.25rem .6rem; }
        button { cursor:pointer; }
        :focus-visible { outline:3px solid var(--focus); outline-offset:1px; }
        main { padding:1.25rem; max-width:1500px; margin:0 auto; }
        section.topology { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:1rem 1.25rem;
          margin-bottom:1.5rem; }
        section h2 { margin:0; font-size:1.25rem; overflow-wrap:anywhere; }
        h3 { font-size:.85rem; color:var(--soft); font-weight:600; margin:1.4rem 0 .5rem; }
        .file, .note, .legend { color:var(--soft); font-size:.85rem; }
        .sums { display:flex; flex-wrap:wrap; gap:.4rem 1.5rem; margin:.6rem 0 0; padding:0; list-style:none; }
        .sums b { font-variant-numeric: tabular-nums; }
        .bad { color:var(--bad); font-weight:600; } .skip { color:var(--skip); }
        .scroll { overflow:auto; max-height:80vh; } .drawing { max-height:none; padding:4px 0; }
        nav ul { display:flex; flex-wrap:wrap; gap:.2rem 1.25rem; margin:0 0 1rem; padding:0; list-style:none; font-size:.9rem; }
        a { color:var(--focus); }
        svg { display:block; } svg text { fill:var(--ink); font-size:11px; white-space:pre; }
        svg .host, svg .router { fill:var(--box); stroke:var(--soft); } svg .container { fill:var(--card); stroke:var(--line); }
        svg .server { fill:var(--card); stroke:var(--soft); stroke-dasharray:4 3; }
        svg .bar-line { stroke:var(--ink); stroke-width:3; stroke-linecap:round; } svg .dot { fill:var(--ink); }
        svg .wire { stroke:var(--soft); stroke-width:1.5; fill:none; } svg .halo { stroke:var(--card); stroke-width:9; }
        svg .name { font-size:13px; font-weight:700; } svg .container ~ .name { font-size:12px; font-weight:400; }
        svg .segment { font-size:12px; } svg .line { fill:var(--soft); } svg .address { fill:var(--soft); font-size:10px; }
        svg .failing { stroke:var(--bad); stroke-width:2; } svg .mark { fill:var(--bad); font-weight:700; font-size:13px; }
        svg .node { cursor:pointer; outline:none; } svg .node:hover rect { stroke:var(--ink); }
        svg .passed > rect, svg .wire.passed { stroke:var(--focus); stroke-width:3; }
        svg .node:focus-visible > rect { stroke:var(--focus); stroke-width:4; }
        button.small { font-size:.8rem; padding:0 .5rem; }
        table.matrix { border-collapse:separate; border-spacing:1px; font-size:12px; }
        .matrix th { font:12px/1.2 ui-monospace, "DejaVu Sans Mono", monospace; color:var(--soft); background:var(--card); }
        .matrix tbody th { position:sticky; left:0; z-index:1; text-align:right; padding:0 .5rem; white-space:nowrap; }
        .matrix thead th { position:sticky; top:0; z-index:2; height:var(--head); vertical-align:bottom; padding:.2rem 0; }
        .matrix thead th span { writing-mode:vertical-rl; transform:rotate(180deg); white-space:nowrap; }
        .matrix td { width:var(--cell); min-width:var(--cell); height:var(--cell); text-align:center; padding:0; cursor:pointer;
          border-radius:2px; line-height:1; }
        .matrix td.none { cursor:default; }
        .matrix td.r1 { background:var(--r1); } .matrix td.r2 { background:var(--r2); } .matrix td.r3 { background:var(--r3); }
        .matrix td.r4 { background:var(--r4); } .matrix td.r5 { background:var(--r5); }
        .matrix td.closed { background:var(--box); color:var(--soft); }
        .matrix td.left { color:var(--skip); background:var(--box); }
        .matrix td.wrong { background:var(--bad-ground); color:var(--bad); font-weight:700; box-shadow:inset 0 0 0 2px var(--bad); }
        .matrix td:focus-visible { outline-offset:0; position:relative; z-index:1; }
        .matrix td.dim { opacity:.15; }
        .legend { display:flex; flex-wrap:wrap; gap:.3rem 1rem; margin-top:.5rem; }
        .legend span { display:inline-flex; align-items:center; gap:.35em; }
        .legend i { width:1.3em; height:1.3em; border-radius:2px; font-style:normal; text-align:center; line-height:1.3; }
        .ci { background:var(--box); } .li { background:var(--box); color:var(--skip); }
        .r1i { background:var(--r1); } .r2i { background:var(--r2); } .r3i { background:var(--r3); } .r4i { background:var(--r4); }
        .r5i { background:var(--r5); } .wi { background:var(--bad-ground); color:var(--bad); box-shadow:inset 0 0 0 1.5px var(--bad); }
        details { border-top:1px solid var(--line); padding:.25rem 0; } details details { margin-left:1.1rem; }
        summary { cursor:pointer; padding:.15rem 0; overflow-wrap:anywhere; }
        dl { display:grid; grid-template-columns:6.5rem 1fr; gap:.15rem 1rem; margin:.4rem 0 .8rem; }
        dt { color:var(--soft); overflow-wrap:anywhere; } dd { margin:0; overflow-wrap:anywhere; font-family:ui-monospace, "DejaVu Sans Mono", monospace;
          font-size:.9em; }
        .finding { border-left:3px solid var(--bad); padding:.2rem .8rem; margin:.5rem 0; overflow-wrap:anywhere; }
        .finding p { margin:.2rem 0; } .steps { font-size:12px; padding-left:1.6rem; margin:.4rem 0; }
        .packets table { border-collapse:collapse; font-size:12px; white-space:nowrap; } .packets td, .packets th { padding:.1rem .5rem .1rem 0;
          text-align:left; } .packets th { color:var(--soft); font-weight:600; }
        #panel { position:fixed; inset:0 0 0 auto; width:min(34rem, 100%); background:var(--card); border-left:1px solid var(--line);
          box-shadow:0 0 30px #0003; padding:1rem 1.25rem; overflow:auto; z-index:5; }
        #panel[hidden] { display:none; }
        .panel-head { display:flex; align-items:start; gap:1rem; } .panel-head h2 { flex:1; margin:0; font-size:1.15rem;
          overflow-wrap:anywhere; }
        #panel h3 { margin-top:1rem; }
        @media (max-width:640px) { main { padding:.5rem; } section.topology { padding:.75rem; } .bar { padding:.5rem .75rem; }
          .bar form { margin-left:0; order:3; width:100%; flex-wrap:nowrap; } .bar form input[type=search] { min-width:0; flex:1; }
          #theme { margin-left:auto; } .check { white-space:nowrap; } }
        @media print { .bar form, #theme, #panel { display:none; } .scroll { max-height:none; overflow:visible; }
          .bar, .matrix th { position:static !important; } * { print-color-adjust:exact; } }
        """#
}
