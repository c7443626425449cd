/// What is measured on a page, in JavaScript.
package enum PageMeasures {
    /// Texts that stand out too little from what is behind them (WCAG 2.2, 1.4.3: 4.5 to 1), each with its ratio, and how
    /// many texts were measured.
    package static let contrast = #"""
        (() => {
          const parts = color => { const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number); return { rgb: [r, g, b], a }; };
          const over = (top, under) => top.rgb.map((value, place) => value * top.a + under[place] * (1 - top.a));
          const luminance = rgb => rgb.map(value => value / 255).map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4)
            .reduce((sum, value, place) => sum + value * [.2126, .7152, .0722][place], 0);
          const behind = element => {
            if (!element) return [255, 255, 255];
            const color = parts(getComputedStyle(element).backgroundColor);
            return color.a === 1 ? color.rgb : over(color, behind(element.parentElement));
          };
          // Of what is drawn, the last box before a text that it stands in.
          const drawnBehind = text => {
            const { x, y, width, height } = text.getBoundingClientRect(), middle = [x + width / 2, y + height / 2];
            const boxes = [...text.closest('svg').querySelectorAll('rect')].filter(box => {
              const spot = box.getBoundingClientRect();
              return box.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING
                && spot.left <= middle[0] && middle[0] <= spot.right && spot.top <= middle[1] && middle[1] <= spot.bottom;
            });
            return boxes.length ? parts(getComputedStyle(boxes.at(-1)).fill).rgb : behind(text.closest('svg'));
          };
          const weak = new Set();
          let count = 0;
          const measure = (text, color, ground) => {
            const [high, low] = [luminance(over(color, ground)), luminance(ground)].sort((a, b) => b - a);
            const ratio = (high + .05) / (low + .05);
            count++;
            if (!(ratio >= 4.5)) weak.add(`${text}: ${ratio.toFixed(2)}`);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement, range = document.createRange();
            range.selectNodeContents(walker.currentNode);
            if (!walker.currentNode.data.trim() || !range.getClientRects().length) continue;
            const isDrawn = element instanceof SVGElement, style = getComputedStyle(element);
            measure(walker.currentNode.data.trim(), parts(isDrawn ? style.fill : style.color), isDrawn ? drawnBehind(element) : behind(element));
          }
          for (const field of document.querySelectorAll('[placeholder]'))
            measure(field.placeholder, parts(getComputedStyle(field, '::placeholder').color), behind(field));
          return { weak: [...weak], count };
        })()
        """#

    /// What is wrong with drawings: texts over texts or beyond their boxes, boxes over boxes, wires through boxes that are
    /// not theirs, and anything beyond the drawing.
    package static let crooked = #"""
        [...document.querySelectorAll('svg')].flatMap(root => {
          const wrong = [], spots = new Map(), measure = ({ x, y, width, height }) => ({ x, y, right: x + width, low: y + height });
          const spot = item => spots.get(item) || spots.set(item, measure(item.getBBox())).get(item);
          const meet = (a, b) => a.x < b.right - .5 && b.x < a.right - .5 && a.y < b.low - .5 && b.y < a.low - .5;
          const within = (a, b) => a.x >= b.x - .5 && a.right <= b.right + .5 && a.y >= b.y - .5 && a.low <= b.low + .5;
          const texts = [...root.querySelectorAll('text')], name = text => text.textContent;
          const { width, height } = root.viewBox.baseVal, whole = { x: 0, y: 0, right: width, low: height };
          texts.forEach((text, place) => {
            const own = spot(text), box = text.closest('g.node')?.querySelector('rect');
            if (!within(own, whole)) wrong.push(`${name(text)} is cropped`);
            if (box && !within(own, spot(box))) wrong.push(`${name(text)} leaves its box`);
            for (const other of texts.slice(place + 1)) if (meet(own, spot(other))) wrong.push(`${name(text)} over ${name(other)}`);
          });
          const machines = [...root.querySelectorAll('g.node')].filter(node => !node.querySelector('rect.container'));
          machines.forEach((machine, place) => {
            const own = spot(machine.querySelector('rect'));
            if (!within(own, whole)) wrong.push(`${machine.dataset.name} is cropped`);
            for (const other of machines.slice(place + 1))
              if (meet(own, spot(other.querySelector('rect')))) wrong.push(`${machine.dataset.name} over ${other.dataset.name}`);
            for (const wire of root.querySelectorAll('line')) {
              const { x, y, right, low } = spot(wire);
              if (meet({ x: x - 1, y: y - 1, right: right + 1, low: low + 1 }, { x: own.x + 2, y: own.y + 2, right: own.right - 2, low: own.low - 2 }))
                wrong.push(`a wire through ${machine.dataset.name}`);
            }
          });
          for (const wire of root.querySelectorAll('line')) for (const text of texts) {
            const { x, y, right, low } = spot(wire);
            if (wire.getAttribute('class') !== 'halo' && meet({ x: x - 1, y: y - 1, right: right + 1, low: low + 1 }, spot(text))) wrong.push(`a wire through ${name(text)}`);
          }
          for (const inner of root.querySelectorAll('rect.container')) {
            const own = spot(inner), outer = machines.find(machine => within(own, spot(machine.querySelector('rect'))));
            if (!outer) wrong.push(`${inner.parentElement.dataset.name} is on no host`);
          }
          return wrong;
        })
        """#
}
