extension HTMLReport {
    /// Who reaches whom, and all checks by kind.
    static let grid = #"""
        // Above so many nodes a cell is a pair of hosts, with all that is on them.
        const nodeLimit = 150;
        const isByHost = report => report.nodes.length > nodeLimit;
        function pairsOf(report) {
          const owners = new Map(report.nodes.map(node => [node.name, isByHost(report) && node.host || node.name]));
          const pairs = new Map(), title = name => owners.get(name) || name;
          for (const check of report.checks) {
            if (!check.to) continue;
            const from = title(check.from), to = title(check.to);
            if (!pairs.has(from)) pairs.set(from, new Map());
            if (!pairs.get(from).has(to)) pairs.get(from).set(to, []);
            pairs.get(from).get(to).push(check);
          }
          return pairs;
        }
        function look(checks) {
          const reach = checks.filter(check => check.kind === 'reach'), bad = checks.filter(isBad).length;
          if (bad) return { kind: 'wrong', mark: '✗', word: checks.length > 1 ? `${bad} of ${checks.length} checks not as expected` : 'not as expected' };
          if (reach.length && reach.every(check => check.status === 'skipped')) return { kind: 'left', mark: '–', word: 'left out' };
          const times = reach.filter(check => check.rttMicroseconds != null).map(check => check.rttMicroseconds);
          if (!times.length) return { kind: 'closed', mark: '·', word: 'unreachable, as expected' };
          const time = Math.max(...times), step = 1 + [50, 150, 500, 2000].filter(limit => time > limit).length;
          return { kind: 'r' + step, mark: '', word: time + ' µs' };
        }
        // In the nodes' order, and then what is none of them.
        function namesOf(report, pairs) {
          const used = new Set([...pairs].flatMap(([from, row]) => [from, ...row.keys()]));
          const nodes = report.nodes.map(node => isByHost(report) && node.host || node.name);
          return [...new Set([...nodes, ...used])].filter(name => used.has(name));
        }
        function matrix(report) {
          const pairs = pairsOf(report), names = namesOf(report, pairs);
          const size = names.length > 40 ? 14 : names.length > 16 ? 18 : 30;
          const longest = Math.max(1, ...names.map(name => name.length));
          const table = el('table', { class: 'matrix', role: 'grid', 'aria-label': 'Who reaches whom: rows send, columns answer',
            style: `--cell:${size}px;--head:${Math.ceil(longest * 7.3) + 10}px` });
          const head = el('tr', { role: 'row' }, el('td', { class: 'none' }));
          for (const name of names) head.append(el('th', { scope: 'col', role: 'columnheader' }, el('span', {}, name)));
          const body = el('tbody');
          names.forEach((from, row) => {
            const line = el('tr', { role: 'row' }, el('th', { scope: 'row', role: 'rowheader' }, from));
            names.forEach((to, column) => {
              const checks = pairs.get(from)?.get(to);
              const seen = checks ? look(checks) : { kind: 'none', mark: '', word: from === to ? 'itself' : 'not looked at' };
              const cell = el('td', { role: 'gridcell', class: seen.kind, tabindex: '-1', 'data-row': row, 'data-column': column,
                'aria-label': `${from} to ${to}: ${seen.word}`, title: `${from} → ${to}: ${seen.word}` }, seen.mark);
              cell.checks = checks;
              cell.ends = [from, to];
              line.append(cell);
            });
            body.append(line);
          });
          table.append(el('thead', {}, head), body);
          const first = body.querySelector('td');
          if (first) first.tabIndex = 0;
          table.addEventListener('click', event => openCell(report, event.target.closest('td[role=gridcell]')));
          table.addEventListener('keydown', event => walk(report, table, event, names.length));
          return table;
        }
        function walk(report, table, event, count) {
          const cell = event.target.closest('td[role=gridcell]');
          if (!cell || event.ctrlKey || event.altKey || event.metaKey) return;
          let row = +cell.dataset.row, column = +cell.dataset.column;
          switch (event.key) {
            case 'ArrowLeft': column--; break;
            case 'ArrowRight': column++; break;
            case 'ArrowUp': row--; break;
            case 'ArrowDown': row++; break;
            case 'Home': column = 0; break;
            case 'End': column = count - 1; break;
            case 'Enter': case ' ': event.preventDefault(); return openCell(report, cell);
            default: return;
          }
          event.preventDefault();
          const next = table.tBodies[0].rows[row]?.cells[column + 1];
          if (!next || column < 0) return;
          cell.tabIndex = -1;
          next.tabIndex = 0;
          next.focus();
        }
        let opener = null;
        function open(from, title, ...parts) {
          opener = from;
          byId('panel-title').textContent = title;
          byId('panel-body').replaceChildren(...parts);
          byId('panel').hidden = false;
          byId('panel').scrollTop = 0;
          byId('panel-title').focus();
        }
        function openCell(report, cell) {
          if (!cell || !cell.checks) return;
          const checks = [...cell.checks].sort((a, b) => isBad(b) - isBad(a)), found = new Set();
          for (const check of checks.filter(isBad)) for (const finding of findingsOf(report, check)) found.add(finding);
          const parts = checks.length > 12 ? [listOf(report, checks)] : checks.flatMap(check => [
            el('h3', {}, el('span', { class: markClass(check) }, marks[check.status] + ' '),
              [check.kind, check.protocol].filter(Boolean).join(' by ')), facts(report, check),
            ...(check.packets ? [packetsView(check.packets)] : [])]);
          open(cell, cell.ends.join(' → '), ...[...found].map(findingView), ...parts);
        }
        function close() {
          if (byId('panel').hidden) return;
          byId('panel').hidden = true;
          opener?.focus();
        }
        """#

    /// Puts it together, and keeps it as the reader wants it.
    static let start = #"""
        const kinds = { reach: 'Reachability', path: 'Paths', encapsulation: 'Encapsulation', gateway: 'Gateways', mtu: 'MTU',
          source: 'Source addresses', bulk: 'Transfers', convergence: 'Events', loss: 'Loss' };
        function kindView(report, kind, checks) {
          const bad = checks.filter(isBad).length;
          const view = el('details', { class: 'kind' }, el('summary', {}, el('b', {}, kinds[kind] || kind), ` ${checks.length.toLocaleString('en')}`,
            bad ? el('span', { class: 'bad' }, `, ✗ ${bad} failed`) : null));
          const fill = () => {
            view.querySelector('.rows')?.remove();
            if (!view.open) return;
            const some = checks.filter(matches);
            view.append(some.length ? listOf(report, some) : el('p', { class: 'note rows' }, 'None that the filter lets through.'));
          };
          view.addEventListener('toggle', fill);
          views.push(fill);
          if (bad) view.open = true;
          return view;
        }
        function matches(check) {
          if (byId('failed-only').checked && !isBad(check)) return false;
          const word = byId('filter').value.trim().toLowerCase();
          if (!word) return true;
          const text = [check.kind, check.from, check.to, check.address, check.protocol, check.observed, check.expected, check.cause, check.event];
          return text.some(part => part != null && String(part).toLowerCase().includes(word));
        }
        // One node that is cut off fails all others' checks once: what most failed of stands out, not everybody.
        function suspects(report) {
          const counts = new Map();
          for (const check of report.checks.filter(isBad))
            for (const node of [check.from, check.to]) if (node) counts.set(node, (counts.get(node) || 0) + 1);
          const most = Math.max(...counts.values());
          return new Set([...counts.keys()].filter(node => counts.get(node) * 2 >= most));
        }
        function section(report) {
          const failing = suspects(report);
          const sum = (count, word, kind) => el('li', { class: count ? kind : '' }, el('b', {}, count.toLocaleString('en')), ' ' + word);
          const view = el('section', { class: 'topology', 'aria-label': report.topology }, el('h2', {}, report.topology),
            el('div', { class: 'file' }, report.file),
            el('ul', { class: 'sums' }, sum(report.passed, 'passed', ''), sum(report.failed, (report.failed ? '✗ ' : '') + 'failed', 'bad'),
              sum(report.skipped, 'left out', 'skip'), sum(report.retries, 'retries', '')));
          for (const note of [report.sampling, ...(report.notes || [])]) if (note) view.append(el('p', { class: 'note' }, note));
          if (report.wiring.machines.length)
            view.append(el('h3', {}, 'Networks and nodes (arrow keys move, Enter opens)'), drawingView(report, failing));
          const legend = el('div', { class: 'legend' });
          ['up to 50 µs', '150 µs', '500 µs', '2 ms', 'longer'].forEach((word, index) =>
            legend.append(el('span', {}, el('i', { class: `r${index + 1}i` }), word)));
          legend.append(el('span', {}, el('i', { class: 'wi' }, '✗'), 'not as expected'),
            el('span', {}, el('i', { class: 'ci' }, '·'), 'unreachable, as expected'), el('span', {}, el('i', { class: 'li' }, '–'), 'left out'));
          view.append(el('h3', {}, `Who reaches whom${isByHost(report) ? ', by host' : ''} (rows send; arrow keys move, Enter opens)`),
            el('div', { class: 'scroll' }, matrix(report)), legend, el('h3', {}, 'Checks'));
          for (const kind of new Set(report.checks.map(check => check.kind)))
            view.append(kindView(report, kind, report.checks.filter(check => check.kind === kind)));
          return view;
        }
        byId('main').append(...reports.map(section));
        if (reports.length > 1) {
          const list = el('ul');
          reports.forEach((report, place) => {
            byId('main').children[place].id = 'topology-' + place;
            list.append(el('li', {}, el('span', { class: report.failed ? 'bad' : '' }, report.failed ? '✗ ' : report.passed ? '✓ ' : '– '),
              el('a', { href: '#topology-' + place }, report.topology)));
          });
          byId('main').prepend(el('nav', { 'aria-label': 'Topologies' }, list));
        }
        function refresh() {
          views.forEach(fill => fill());
          for (const cell of document.querySelectorAll('td[role=gridcell]'))
            cell.classList.toggle('dim', !!cell.checks && !cell.checks.some(matches));
        }
        byId('failed-only').addEventListener('change', refresh);
        byId('filter').addEventListener('input', refresh);
        byId('close').addEventListener('click', close);
        document.addEventListener('keydown', event => { if (event.key === 'Escape') close(); });
        const isDark = () => (document.documentElement.dataset.theme
          || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
        const nameTheme = () => { byId('theme').textContent = isDark() ? 'Light' : 'Dark'; };
        byId('theme').addEventListener('click', () => {
          document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
          nameTheme();
        });
        nameTheme();
        """#
}
