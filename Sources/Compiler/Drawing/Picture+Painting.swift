import NetworkState

extension Picture {
    /// - `walk`: what to bring out.
    package init(_ topology: ValidTopology, walk: DrawnWalk? = nil) {
        let (wiring, overlay) = (Wiring(topology), Overlay(topology))
        self.init(title: topology.name)
        let layout = PictureLayout(wiring, hasOverlay: overlay != nil)
        let summary = "\(topology.name): \(topology.model.summary)"
        texts = [Text(style: .heading, string: summary, x: 16, baseline: 26)]
        height = layout.height
        let painter = Painter(layout: layout, overlay: overlay, walk: walk)
        for level in layout.levels { painter.paint(level, in: &self) }
        if let overlay { painter.paintRails(overlay, in: &self) }
        for box in layout.boxes { painter.paint(box, in: &self) }
        for caption in walk?.captions ?? [] {
            height += 16
            texts.append(Text(style: .caption(caption.mark), string: caption.text, x: 16, baseline: height))
        }
        height += 16
        let ends = boxes.map(\.area.right) + texts.map(\.area.right) + lines.flatMap(\.points).map(\.x)
        width = (ends.max() ?? 0) + 16
    }
}

/// Puts what a layout has placed into a picture.
struct Painter {
    let layout: PictureLayout
    let overlay: Overlay?
    let walk: DrawnWalk?

    /// A network's bar, with its further lines below each other.
    func paint(_ level: PictureLayout.Level, in picture: inout Picture) {
        let (start, y) = (layout.start, level.lines[0].y)
        let label = level.segment?.label ?? "on no network"
        picture.texts.append(Picture.Text(style: .segment, string: label, x: start, baseline: y - 8))
        guard let segment = level.segment else { return }
        let ends = layout.boxes.filter { $0.lane != nil }.flatMap { uplinks(of: $0) }.filter {
            $0.link.segment == segment.name
        }
        .map(\.x)
        let left = ([start] + ends).min() ?? start
        let right = ([start + 60, level.lines[0].end] + ends).max() ?? start
        var runs = [[Picture.Point(x: left, y: y), Picture.Point(x: right, y: y)]]
        if let last = level.lines.last, last.y > y {
            runs += level.lines.dropFirst().map {
                [Picture.Point(x: start, y: $0.y), Picture.Point(x: $0.end, y: $0.y)]
            }
            runs.append([Picture.Point(x: start, y: y), Picture.Point(x: start, y: last.y)])
        }
        for points in runs {
            let mark = walk?.mark(segment: segment.name)
            picture.lines.append(Picture.Line(kind: .segment, title: label, points: points, mark: mark))
        }
    }

    func paint(_ box: MachineBox, in picture: inout Picture) {
        for uplink in uplinks(of: box) { picture.lines.append(line(of: uplink, of: box.machine)) }
        if box.lane != nil {
            picture.texts += uplinks(of: box).map { uplink in
                let baseline = uplink.isUp ? uplink.from + 15 : uplink.to - 7
                return Picture.Text(style: .label, string: uplink.link.name.text, x: uplink.x + 6, baseline: baseline)
            }
        }
        picture.boxes.append(machineBox(box))
        paintInside(box, in: &picture)
    }

    private func line(of uplink: Uplink, of machine: Wiring.Machine) -> Picture.Line {
        let link = uplink.link
        let title = ([machine.name + ":" + link.name.text] + link.addresses.map(\.description) + ["on \(link.segment)"])
        let ends = uplink.isUp ? (uplink.to, uplink.from) : (uplink.from, uplink.to)
        return Picture.Line(
            kind: .wire, title: title.joined(separator: " "),
            points: [Picture.Point(x: uplink.x, y: ends.0), Picture.Point(x: uplink.x, y: ends.1)],
            mark: walk?.mark(machine.name, to: link.segment), isJoined: true)
    }

    private func machineBox(_ box: MachineBox) -> Picture.Box {
        let (machine, area) = (box.machine, box.area)
        let kind = Picture.Box.Kind(rawValue: machine.kind.rawValue) ?? .host
        let x = area.x + MachineBox.margin
        var texts = [Picture.Text(style: .name, string: machine.name, x: x, baseline: area.y + 18)]
        if !box.isCompact {
            let end = area.right - MachineBox.margin - Picture.Text.width(kind.rawValue, 10)
            texts.append(Picture.Text(style: .kind, string: kind.rawValue, x: end, baseline: area.y + 18))
        }
        for (place, row) in box.rows.enumerated() {
            let baseline = area.y + 36 + place * MachineBox.rowHeight
            if !row.word.isEmpty {
                texts.append(Picture.Text(style: .detail, string: row.word, x: x, baseline: baseline))
            }
            texts.append(Picture.Text(style: .detail, string: row.text, x: x + box.shift, baseline: baseline))
        }
        // What is not drawn cannot be marked.
        let mark = walk.flatMap { walk in
            ([machine.name] + (box.isCompact ? machine.containers.map(\.name) : [])).lazy.compactMap { walk.mark($0) }
                .first
        }
        return Picture.Box(
            kind: kind, name: machine.name, title: machine.title, area: area, texts: texts, mark: mark)
    }
}

extension Wiring.Segment {
    var label: String { ([name] + subnets.map(\.description) + ["mtu \(mtu)"]).joined(separator: "  ") }
}

extension Wiring.Machine {
    /// All there is to say of it, on lines.
    var title: String {
        let links = links.map { ([$0.name.text] + $0.addresses.map(\.description) + ["on \($0.segment)"]) }
        let devices = [bridge, tunnel].compactMap { $0 }.map { [$0.text] }
        let containers = kind == .host ? [[counted(containers.count, "container")]] : []
        return ([["\(kind.rawValue) \(name)"]] + links + devices + containers)
            .map { $0.joined(separator: " ") }.joined(separator: "\n")
    }
}
