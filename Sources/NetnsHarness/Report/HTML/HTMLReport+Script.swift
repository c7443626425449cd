extension HTMLReport {
    /// Elements, and what is told of a check and of a finding.
    static let script = #"""
        'use strict';
        const reports = JSON.parse(document.getElementById('data').textContent);
        // They come in columns: of each member the values that there are, and for every check the place of its own.
        function checksOf({ count, columns }) {
          const checks = Array.from({ length: count }, () => ({}));
          for (const [key, { values, places, runs }] of Object.entries(columns)) {
            let next = 0;
            const put = place => { if (values[place] !== null) checks[next][key] = values[place]; next++; };
            if (places) places.forEach(put);
            else for (let run = 0; run < runs.length; run += 2) for (let left = runs[run + 1]; left > 0; left--) put(runs[run]);
          }
          return checks;
        }
        for (const report of reports) report.checks = checksOf(report.checks);
        for (const report of reports) report.findings.forEach((finding, place) => finding.capture = report.captures[place]);
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
        function facts(report, check) {
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
          if (check.path) list.lastChild.append(' ', pathButton(report, check.path));
          tell('last seen at', check.lastSeen);
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
          if (finding.sameAs) box.append(el('p', {}, 'The same as of ' + [finding.sameAs.from, finding.sameAs.to].filter(Boolean).join(' → ')));
          if (finding.lastSeen) box.append(el('p', {}, 'Last seen at ', el('code', {}, finding.lastSeen)));
          for (const culprit of finding.culprits) {
            box.append(el('p', {}, el('b', {}, 'Culprit: '), el('code', {}, culprit.text)));
            if (culprit.source) box.append(el('p', { class: 'file' }, culprit.source));
            if (culprit.remedy) box.append(el('p', {}, 'Way out: ', el('code', {}, culprit.remedy)));
          }
          if (!finding.culprits.length) box.append(el('p', {}, 'Nobody was found to blame.'));
          if (finding.packets) box.append(packetsView(finding.packets));
          if (finding.capture) box.append(el('p', {}, el('a', { href: 'data:application/octet-stream;base64,' + finding.capture.capture,
            download: [finding.from, finding.to].filter(Boolean).join('-') + '.pcapng' },
            `All that was seen on the links, for Wireshark: ${finding.capture.frames} frames`)));
          return box;
        }
        // A line a frame: when and where it was seen, from whom to whom, and what it was in.
        function packetsView(packets) {
          const body = el('tbody'), head = el('tr');
          const isWrapped = packets.some(packet => packet.encapsulation);
          for (const name of ['µs', 'leg', 'node', 'link', 'way', 'from', 'to', 'what', 'ttl', 'MACs', ...(isWrapped ? ['in'] : [])]) head.append(el('th', { scope: 'col' }, name));
          for (const packet of packets) {
            const row = el('tr', {});
            for (const value of ['+' + packet.microseconds, packet.leg, packet.node, packet.link, packet.direction === 'incoming' ? 'in' : 'out',
              packet.source, packet.destination, packet.transport, packet.ttl,
              [packet.sourceMAC, packet.destinationMAC].filter(Boolean).join(' → '), ...(isWrapped ? [(packet.encapsulation || []).join(', ')] : [])])
              row.append(el('td', {}, String(value)));
            body.append(row);
          }
          return el('details', { class: 'packets' }, el('summary', {}, `What was seen of the packet, in ${packets.length} frames`),
            el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Packets' },
              el('table', {}, el('thead', {}, head), body)));
        }
        const findingsOf = (report, check) => (report.findings || []).filter(finding => (finding.event || '') === (check.event || '')
          && (check.kind === 'convergence' ? !finding.sameAs
            : finding.from === check.from && (!finding.to || !check.to || finding.to === check.to)));
        function checkView(report, check) {
          const summary = el('summary', {}, el('span', { class: markClass(check) }, marks[check.status] + ' '), (check.kind === 'reach' ? '' : check.kind + ' ') + ends(check),
            (check.protocol ? ' ' + check.protocol : ''), (check.event ? ` after '${check.event}'` : ''), el('span', { class: 'note' }, ' ' + (check.observed || words[check.status])));
          const view = el('details', { class: 'check-view' }, summary);
          view.addEventListener('toggle', () => {
            if (view.children.length > 1) return;
            view.append(facts(report, check));
            if (check.packets) view.append(packetsView(check.packets));
            if (isBad(check)) view.append(...findingsOf(report, check).map(findingView));
          });
          return view;
        }
        const batch = 200;
        // Some of them, the failed ones first, and more when wanted: a page of all would take minutes to draw.
        function listOf(report, checks) {
          const rows = el('div', { class: 'rows' }), some = [...checks].sort((a, b) => isBad(b) - isBad(a));
          let shown = 0;
          const more = el('button', { type: 'button' });
          const add = () => {
            for (const check of some.slice(shown, shown + batch)) more.before(checkView(report, check));
            shown += batch;
            more.hidden = shown >= some.length;
            more.textContent = `Show ${Math.min(batch, some.length - shown)} more of ${some.length.toLocaleString('en')}`;
          };
          rows.append(more);
          more.addEventListener('click', add);
          rows.addEventListener('keydown', event => {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], heads = [...rows.querySelectorAll('.check-view > summary')];
            const next = step && heads[heads.indexOf(event.target) + step];
            if (!next || !heads.includes(event.target)) return;
            event.preventDefault();
            next.focus();
          });
          add();
          return rows;
        }
        """#
}
