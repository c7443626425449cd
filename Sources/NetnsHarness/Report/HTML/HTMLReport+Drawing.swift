extension HTMLReport {
    /// The lab drawn: networks as bars, what hangs on them as boxes, and containers in these.
    static let drawing = #"""
        function svg(name, attributes, text) {
          const element = document.createElementNS('http://www.w3.org/2000/svg', name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          if (text != null) element.textContent = text;
          return element;
        }
        // Letters are equally wide, and so a box is as large as its text before anything is drawn.
        const widthOf = (text, size) => Math.ceil([...text].length * size * .605);
        // The longest address has 43 letters; a name may have more than is needed to know it by.
        const clip = (text, most = 32) => [...text].length > most ? [...text].slice(0, most - 1).join('') + '…' : text;
        const counted = (count, word) => count + ' ' + word + (count === 1 ? '' : 's');
        const nodesOf = wiring => wiring.machines.flatMap(machine => [machine, ...machine.containers]);
        // Of more nodes than this, containers are counted and not drawn.
        const isCompact = wiring => nodesOf(wiring).length > 60;
        const levelsOf = (wiring, machine) => [...new Set(machine.links.map(link => wiring.segments.findIndex(s => s.name === link.segment)))]
          .sort((a, b) => a - b);

        // What is written in a machine's box: pairs of words, the first of which stand below each other.
        function linesOf(wiring, machine) {
          if (!isCompact(wiring)) return [
            ...machine.links.flatMap(link => (link.addresses.length ? link.addresses : ['']).map((address, place) => [place ? '' : link.name, address])),
            ...machine.blocks.map((block, place) => [place ? '' : 'subnet', block])];
          const others = [...new Set(machine.links.map(link => link.segment))].slice(1);
          const what = machine.kind === 'host' ? counted(machine.containers.length, 'container') : machine.kind;
          return [machine.links.flatMap(link => link.addresses)[0] || 'no address', [what, ...others.map(name => 'also on ' + name)].join(', ')]
            .map(text => ['', text]);
        }
        const column = lines => Math.max(0, ...lines.map(([word]) => word.length));
        const containerLines = container => [...container.addresses, container.link];
        function boxOf(wiring, machine) {
          const lines = linesOf(wiring, machine), inside = isCompact(wiring) ? [] : machine.containers;
          const columns = inside.length > 12 ? 3 : inside.length > 4 ? 2 : 1, shift = column(lines);
          const inner = Math.max(0, ...inside.map(container => Math.max(widthOf(clip(container.name), 12) + 16,
            ...containerLines(container).map(text => widthOf(clip(text, 43), 11))))) + 16;
          const high = Math.max(0, ...inside.map(container => containerLines(container).length)) * 14 + 26;
          const head = widthOf(clip(machine.name), 13) + (isCompact(wiring) ? 18 : widthOf(machine.kind, 10) + 30);
          const text = Math.max(0, ...lines.map(([, text]) => widthOf(clip(text, 43), 11))) + (shift ? widthOf(' '.repeat(shift + 1), 11) : 0);
          const top = 26 + lines.length * 14 + 6;
          return { machine, lines, inside, columns, inner, high, top, levels: levelsOf(wiring, machine),
            width: Math.max(head, text, inside.length ? columns * (inner + 26) - 10 : 0) + 20,
            height: top + Math.ceil(inside.length / columns) * (high + 8) + (inside.length ? 4 : 0) };
        }

        // Boxes beside and below each other are equally wide.
        function alike(boxes) {
          const width = Math.max(0, ...boxes.map(box => box.width));
          for (const box of boxes) Object.assign(box, { width, inner: (width - 20 - (box.columns - 1) * 10) / box.columns - 16 });
          return width;
        }
        // Machines on one network hang below its bar, line by line; those between networks stand in lanes beside them, where
        // nothing is in their links' way.
        function layout(wiring, room) {
          const boxes = wiring.machines.map(machine => boxOf(wiring, machine)), compact = isCompact(wiring);
          const gap = compact ? 10 : 20, hang = compact ? 12 : 24;
          const between = compact ? [] : boxes.filter(box => box.levels.length > 1).sort((a, b) => a.levels[0] - b.levels[0]);
          const lanes = [], lane = alike(between);
          for (const box of between) {
            const free = lanes.findIndex(last => last <= box.levels[0]);
            box.lane = free < 0 ? lanes.length : free;
            lanes[box.lane] = box.levels.at(-1);
          }
          const start = 8 + lanes.length * (lane + gap);
          let y = 0;
          const levels = [...wiring.segments, null].map((segment, index) => {
            const own = boxes.filter(box => box.lane == null && (box.levels[0] ?? wiring.segments.length) === index);
            const beside = between.filter(box => box.levels[0] === index), bars = [], width = alike(own);
            const columns = Math.max(1, Math.floor((room - start - 36 + gap) / (width + gap)));
            if (!segment && !own.length) return null;
            y += 26;
            let low = y + 14;
            for (const box of beside) {
              Object.assign(box, { x: 8 + box.lane * (lane + gap), y: y + hang });
              low = Math.max(low, box.y + box.height + 26);
            }
            for (let first = 0; first < own.length; first += columns) {
              const line = own.slice(first, first + columns);
              line.forEach((box, place) => Object.assign(box, { x: start + 16 + place * (width + gap), y: y + hang, bar: y }));
              bars.push({ y, end: line.at(-1).x + width });
              y += hang + Math.max(...line.map(box => box.height)) + 14;
            }
            const level = { segment, y: bars.length ? bars[0].y : y, bars, start };
            y = Math.max(y, low);
            return level;
          }).filter(Boolean);
          const right = Math.max(start + 180, ...boxes.map(box => box.x + box.width), ...levels.map(level => start + widthOf(labelOf(level.segment), 12)));
          return { boxes, levels, start, hang, width: right + 10, height: y + 8 };
        }
        const labelOf = segment => segment ? [segment.name, ...segment.subnets, 'mtu ' + segment.mtu].join('  ') : 'on no network';
        """#
}
