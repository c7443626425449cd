extension HTMLReport {
    /// Puts the drawing on the page, and has keys and clicks open what is on it.
    static let painting = #"""
        function paintLevels(root, plan) {
          for (const { segment, y, bars, start } of plan.levels) {
            if (segment) {
              const ends = plan.boxes.filter(box => box.lane != null).flatMap(box => linksOf(plan, box))
                .filter(link => link.level.segment === segment).map(link => link.x);
              const right = Math.max(start + 60, ...ends, ...bars.slice(0, 1).map(bar => bar.end));
              root.append(svg('line', { class: 'bar-line', x1: Math.min(start, ...ends), x2: right, y1: y, y2: y, 'data-a': segment.name }));
              for (const bar of bars.slice(1)) root.append(svg('line', { class: 'bar-line', x1: start, x2: bar.end, y1: bar.y, y2: bar.y }));
              if (bars.length > 1) root.append(svg('line', { class: 'bar-line', x1: start, x2: start, y1: y, y2: bars.at(-1).y }));
            }
            root.append(svg('text', { class: 'segment', x: start, y: y - 8 }, labelOf(segment)));
          }
        }
        // Where a machine's links go: up to the bar that it hangs on, or down to others.
        function linksOf(plan, box) {
          const level = link => plan.levels.find(level => level.segment?.name === link.segment), own = level(box.machine.links[0] || {});
          const all = box.machine.links.map(link => ({ link, level: level(link) })).filter(({ level }) => level);
          const top = plan.levels.find(level => level.segment && all.some(link => link.level === level)) || own;
          const spread = links => links.map((link, place) => {
            const step = Math.max(18, ...links.map(({ link }) => widthOf(link.name, 10) + 12));
            return { ...link, x: box.x + box.width / 2 + (place - (links.length - 1) / 2) * Math.min(step, box.width / links.length) };
          });
          const up = spread(all.filter(link => link.level === top)).map(link => ({ ...link, from: box.bar ?? link.level.y, to: box.y, isUp: true }));
          if (box.lane == null) return up;
          return [...up, ...spread(all.filter(link => link.level !== top)).map(link => ({ ...link, from: box.y + box.height, to: link.level.y }))];
        }
        function paintLinks(root, plan, box) {
          for (const { link, x, from, to, isUp } of linksOf(plan, box)) {
            if (!isUp) root.append(svg('line', { class: 'halo', x1: x, x2: x, y1: from, y2: to - 5 }));
            root.append(svg('line', { class: 'wire', x1: x, x2: x, y1: from, y2: to, 'data-a': box.machine.name, 'data-b': link.segment }));
            root.append(svg('circle', { class: 'dot', cx: x, cy: isUp ? from : to, r: 3.5 }));
            if (box.lane != null) root.append(svg('text', { class: 'address', x: x + 6, y: isUp ? from + 15 : to - 7 }, link.name));
          }
        }
        function node(kind, { x, y, width, height }, name, words, failing, compact) {
          const isFailing = failing.has(name), group = svg('g', { class: 'node', role: 'button', tabindex: '-1', 'data-name': name,
            'aria-label': [kind + ' ' + name, ...words, isFailing ? 'suspected' : ''].filter(Boolean).join(', ') });
          group.append(svg('rect', { class: kind + (isFailing ? ' failing' : ''), x, y, width, height, rx: kind === 'router' ? 14 : 5 }));
          group.lastChild.append(svg('title', {}, [kind + ' ' + name, ...words].join('\n')));
          group.append(svg('text', { class: 'name', x: x + (kind === 'container' ? 8 : 10), y: y + 18 }, clip(name)));
          if (isFailing) group.append(svg('text', { class: 'mark', x: x + width - 16, y: y + 18 }, '✗'));
          if (kind !== 'container' && !compact)
            group.append(svg('text', { class: 'address', 'text-anchor': 'end', x: x + width - (isFailing ? 22 : 10), y: y + 17 }, kind));
          return group;
        }
        const wordsOf = machine => [...machine.links.map(link => `${link.name} ${link.addresses.join(' ')} on ${link.segment}`),
          ...(machine.kind === 'host' ? [counted(machine.containers.length, 'container')] : [])];
        function paintBox(root, wiring, box, failing) {
          const { machine, x, y, lines } = box, compact = isCompact(wiring);
          // What is not drawn cannot be marked.
          const marked = compact && machine.containers.some(container => failing.has(container.name)) ? new Set([machine.name]) : failing;
          const group = node(machine.kind, box, machine.name, wordsOf(machine), marked, compact);
          const shift = column(lines) ? widthOf(' '.repeat(column(lines) + 1), 11) : 0;
          lines.forEach(([word, text], place) => group.append(
            ...(word ? [svg('text', { class: 'line', x: x + 10, y: y + 34 + place * 14 }, word)] : []),
            svg('text', { class: 'line', x: x + 10 + shift, y: y + 34 + place * 14 }, clip(text, 43))));
          root.append(group);
          box.inside.forEach((container, place) => {
            const line = Math.floor(place / box.columns), spine = x + 14 + place % box.columns * (box.inner + 26);
            const spot = { x: spine + 12, y: y + box.top + line * (box.high + 8), width: box.inner, height: box.high };
            const middle = spot.y + box.high / 2, before = line ? middle - box.high - 8 : y + box.top - 5;
            root.append(svg('path', { class: 'wire', d: `M${spine} ${before}V${middle}H${spot.x}`, 'data-a': container.name, 'data-b': machine.name }));
            const inner = node('container', spot, container.name, [...container.addresses, 'link ' + container.link], failing);
            containerLines(container).forEach((text, place) =>
              inner.append(svg('text', { class: 'line', x: spot.x + 8, y: spot.y + 33 + place * 14 }, clip(text, 43))));
            root.append(inner);
          });
        }
        function drawing(report, failing, room) {
          const { wiring } = report, plan = layout(wiring, room);
          const root = svg('svg', { viewBox: `0 0 ${plan.width} ${plan.height}`, width: plan.width, height: plan.height, role: 'group',
            'aria-label': `${counted(wiring.segments.length, 'network')}, ${counted(wiring.machines.length, 'machine')}` });
          paintLevels(root, plan);
          for (const box of plan.boxes) paintLinks(root, plan, box);
          for (const box of plan.boxes) paintBox(root, wiring, box, failing);
          root.querySelector('.node').setAttribute('tabindex', '0');
          root.addEventListener('click', event => openNode(report, event.target.closest('.node')));
          root.addEventListener('keydown', event => stride(report, root, event));
          return root;
        }
        // To the next one that begins further on in the key's direction, rather straight ahead than near. Containers begin after
        // their host, and so down leads into it.
        function stride(report, root, event) {
          const from = event.target.closest('.node');
          if (!from || event.ctrlKey || event.altKey || event.metaKey) return;
          if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); return openNode(report, from); }
          const [axis, side, length, sign] = { ArrowLeft: ['x', 'y', 'height', -1], ArrowRight: ['x', 'y', 'height', 1],
            ArrowUp: ['y', 'x', 'width', -1], ArrowDown: ['y', 'x', 'width', 1] }[event.key] || [];
          if (!axis) return;
          event.preventDefault();
          const at = (node, name) => +node.firstChild.getAttribute(name), middle = at(from, side) + at(from, length) / 2;
          let next = null, best = Infinity;
          for (const node of root.querySelectorAll('.node')) {
            const ahead = sign * (at(node, axis) - at(from, axis));
            const aside = Math.max(0, at(node, side) - middle, middle - at(node, side) - at(node, length));
            if (ahead > 0 && ahead + 3 * aside < best) { next = node; best = ahead + 3 * aside; }
          }
          if (!next) return;
          from.setAttribute('tabindex', '-1');
          next.setAttribute('tabindex', '0');
          next.focus();
        }
        function openNode(report, from) {
          if (!from) return;
          const name = from.dataset.name, list = el('dl');
          const tell = (key, value) => { if (value) list.append(el('dt', {}, key), el('dd', {}, value)); };
          for (const machine of report.wiring.machines) {
            if (machine.name === name) {
              tell('is', machine.kind);
              for (const link of machine.links) tell(link.name, [...link.addresses, 'on ' + link.segment].join(' '));
              tell('subnets', machine.blocks.join(' '));
              for (const container of machine.containers) tell(container.name, [...container.addresses, 'at ' + container.link].join(' '));
            }
            for (const container of machine.containers.filter(container => container.name === name)) {
              tell('is', 'container on ' + machine.name);
              tell('eth0', container.addresses.join(' '));
              tell('link', `${machine.name}:${container.link}`);
            }
          }
          const checks = report.checks.filter(check => isBad(check) && (check.from === name || check.to === name));
          open(from, name, list, el('h3', {}, checks.length ? 'What failed from or to it' : 'Nothing failed from or to it'),
            ...(checks.length ? [listOf(report, checks)] : []));
        }
        // As wide as there is room for, and anew when that changes.
        function drawingView(report, failing) {
          const holder = el('div', { class: 'scroll drawing' });
          let room = 0;
          new ResizeObserver(() => {
            if (!holder.offsetWidth || holder.offsetWidth === room) return;
            room = holder.offsetWidth;
            const focused = holder.contains(document.activeElement) && document.activeElement.dataset.name;
            holder.replaceChildren(drawing(report, failing, room));
            if (focused) [...holder.querySelectorAll('.node')].find(node => node.dataset.name === focused)?.focus();
          }).observe(holder);
          report.holder = holder;
          return holder;
        }
        // Marks the boxes and wires that a packet passed: two machines in a row share the network between them.
        function showPath(report, path) {
          const names = path.map(name => name.split(':')[0]), steps = new Set();
          const segments = name => report.wiring.machines.find(machine => machine.name === name)?.links.map(link => link.segment) || [];
          names.slice(1).forEach((name, place) => {
            const before = names[place], shared = segments(before).find(segment => segments(name).includes(segment));
            for (const ends of shared == null ? [[before, name], [name, before]] : [[before, shared], [name, shared]]) steps.add(ends.join('\n'));
          });
          for (const node of report.holder.querySelectorAll('.node')) node.classList.toggle('passed', names.includes(node.dataset.name));
          for (const wire of report.holder.querySelectorAll('.wire')) wire.classList.toggle('passed', steps.has(wire.dataset.a + '\n' + wire.dataset.b));
          close();
          report.holder.scrollIntoView({ block: 'start' });
          [...report.holder.querySelectorAll('.node')].find(node => names.includes(node.dataset.name))?.focus({ preventScroll: true });
        }
        function pathButton(report, path) {
          if (!report.holder) return '';
          const button = el('button', { type: 'button', class: 'small' }, 'Show on the drawing');
          button.addEventListener('click', () => showPath(report, path));
          return button;
        }
        """#
}
