extension HTMLReport {
    /// Elements, and what is told of a check and of a finding.
    static let script = #"""
        'use strict';
        const reports = JSON.parse(document.getElementById('data').textContent);
        const byId = id => document.getElementById(id);
        const views = [];
        function el(name, attributes, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
          element.append(...children.filter(child => child != null));
          return element;
        }
        const isBad = check => check.status === 'failed' || check.status === 'notRun';
        const target = check => check.port ? check.to + ' port ' + check.port : check.to;
        const ends = check => [check.from, target(check) || check.address].filter(Boolean).join(' → ');
        const marks = { passed: '✓', failed: '✗', notRun: '✗', skipped: '–' };
        const words = { passed: 'passed', failed: 'failed', notRun: 'declared, and never looked at', skipped: 'left out' };
        const markClass = check => isBad(check) ? 'bad' : check.status === 'skipped' ? 'skip' : '';
        function facts(check) {
          const list = el('dl');
          const tell = (name, value) => { if (value != null && value !== '') list.append(el('dt', {}, name), el('dd', {}, String(value))); };
          tell('expected', check.expected);
          tell('observed', check.observed);
          tell('status', words[check.status]);
          tell('reason', check.reason);
          tell('cause', check.cause);
          tell('address', check.address);
          tell('port', check.port);
          tell('path', (check.path || []).join(' → '));
          tell('round trip', check.rttMicroseconds == null ? null : check.rttMicroseconds + ' µs');
          tell('attempts', check.attempts > 1 ? check.attempts : null);
          tell('retries', check.retries > 0 ? check.retries : null);
          tell('source seen', check.observedSource || check.translatedSource);
          tell('after', check.event);
          tell('topology', check.place);
          return list;
        }
        function findingView(finding) {
          const box = el('div', { class: 'finding' });
          if (finding.lastSeen) box.append(el('p', {}, 'Last seen at ', el('code', {}, finding.lastSeen)));
          for (const culprit of finding.culprits) {
            box.append(el('p', {}, el('b', {}, 'Culprit: '), el('code', {}, culprit.text)));
            if (culprit.source) box.append(el('p', { class: 'file' }, culprit.source));
            if (culprit.remedy) box.append(el('p', {}, 'Way out: ', el('code', {}, culprit.remedy)));
          }
          if (!finding.culprits.length) box.append(el('p', {}, 'Nobody was found to blame.'));
          if (finding.steps.length) {
            box.append(el('p', {}, 'What was seen of the packet'));
            box.append(el('ol', { class: 'steps' }, ...finding.steps.map(step => el('li', {}, step))));
          }
          return box;
        }
        const findingsOf = (report, check) => (report.findings || []).filter(finding => finding.from === check.from
          && (!finding.to || !check.to || finding.to === check.to) && (finding.event || '') === (check.event || ''));
        function checkView(report, check) {
          const summary = el('summary', {}, el('span', { class: markClass(check) }, marks[check.status] + ' '), ends(check),
            (check.protocol ? ' ' + check.protocol : ''), el('span', { class: 'note' }, ' ' + (check.observed || words[check.status])));
          const view = el('details', { class: 'check-view' }, summary);
          view.addEventListener('toggle', () => {
            if (view.children.length > 1) return;
            view.append(facts(check));
            if (isBad(check)) view.append(...findingsOf(report, check).map(findingView));
          });
          return view;
        }
        """#

    /// The nodes: hosts with their containers along the underlay, servers beside them.
    static let drawing = #"""
        function svg(name, attributes, text) {
          const element = document.createElementNS('http://www.w3.org/2000/svg', name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          if (text != null) element.textContent = text;
          return element;
        }
        function drawing(report, failing) {
          const owners = [...new Set(report.nodes.filter(node => node.host).map(node => node.host))];
          const tops = report.nodes.filter(node => !node.host);
          const names = [...new Set([...owners, ...tops.map(node => node.name)])];
          const isDense = names.length > 24, columns = Math.max(1, Math.min(names.length, isDense ? 10 : 5));
          const row = 40, width = isDense ? 118 : 210, gap = isDense ? 8 : 22;
          const inside = name => report.nodes.filter(node => node.host === name);
          const most = Math.max(0, ...names.map(name => inside(name).length));
          const shown = Math.min(most, isDense ? 3 : 8), height = 46 + shown * row;
          const rows = Math.ceil(names.length / columns), pitch = height + 34;
          const total = columns * (width + gap) + 20, root = svg('svg', { viewBox: `0 0 ${total} ${rows * pitch + 12}`,
            width: total, role: 'img', 'aria-label': `${names.length} hosts and servers with ${report.nodes.length - tops.length} containers` });
          const clip = text => text.length * 7.4 > width - 46 ? text.slice(0, Math.floor((width - 52) / 7.4)) + '…' : text;
          const box = (kind, x, y, w, h, node) => {
            root.append(svg('rect', { class: kind + (failing.has(node.name) ? ' failing' : ''), x, y, width: w, height: h, rx: 5 }));
            const title = root.lastChild.appendChild(svg('title', {}));
            title.textContent = [node.name, ...(node.addresses || [])].join('\n');
            root.append(svg('text', { x: x + 8, y: y + 16 }, clip(node.name)));
            const address = (node.addresses || [])[0];
            if (address) root.append(svg('text', { class: 'address', x: x + 8, y: y + 29 }, clip(address)));
            if (failing.has(node.name)) root.append(svg('text', { class: 'mark', x: x + w - 18, y: y + 16 }, '✗'));
          };
          for (let line = 0; line < rows; line++) {
            const y = line * pitch + 8, here = Math.min(columns, names.length - line * columns);
            root.append(svg('line', { class: 'wire', x1: 10, x2: here * (width + gap) - gap + 10, y1: y, y2: y }));
          }
          names.forEach((name, index) => {
            const x = 10 + index % columns * (width + gap), top = Math.floor(index / columns) * pitch + 8;
            root.append(svg('line', { class: 'wire', x1: x + width / 2, x2: x + width / 2, y1: top, y2: top + 18 }));
            const node = tops.find(node => node.name === name) || { name };
            const all = inside(name);
            const size = node.isServer ? 40 : 46 + Math.min(all.length, shown) * row - (all.length ? 4 : 6);
            box(node.isServer ? 'server' : 'host', x, top + 18, width, size, node);
            all.slice(0, all.length > shown ? shown - 1 : shown).forEach((container, place) =>
              box('container', x + 8, top + 54 + place * row, width - 16, 34, container));
            if (all.length > shown) root.append(svg('text', { class: 'address', x: x + 16, y: top + 74 + (shown - 1) * row },
              `and ${all.length - shown + 1} more`));
          });
          return root;
        }
        """#
}
