import NetworkState

extension Painter {
    /// Where one of a machine's links goes: up to the bar that it hangs from, or down to another.
    struct Uplink {
        let link: Wiring.Link
        let x: Int
        /// Above, and below.
        let from: Int
        let to: Int
        let isUp: Bool
    }

    func uplinks(of box: MachineBox) -> [Uplink] {
        let placed = box.machine.links.compactMap { link in
            layout.levels.first { $0.segment?.name == link.segment }.map { (link, $0.lines[0].y) }
        }
        let above = placed.filter { box.lane == nil || $0.1 == box.bar }
        let below = placed.filter { box.lane != nil && $0.1 != box.bar }
        let up = zip(above, columns(above.count, of: box)).map { placed, x in
            Uplink(link: placed.0, x: x, from: box.bar, to: box.area.y, isUp: true)
        }
        return up
            + zip(below, columns(below.count, of: box)).map { placed, x in
                Uplink(link: placed.0, x: x, from: box.area.low, to: placed.1, isUp: false)
            }
    }

    /// Beside each other in the middle of a box; what is written beside each is within it.
    private func columns(_ count: Int, of box: MachineBox) -> [Int] {
        let step = box.lane == nil ? min(18, box.area.width / max(1, count)) : box.linkStep
        let width = box.lane == nil ? (count - 1) * step : count * step
        return (0..<count).map { box.area.x + (box.area.width - width) / 2 + $0 * step }
    }

    /// The tunnels: a dashed rail below each line of hosts that has any, joined to the others on the right.
    func paintRails(_ overlay: Overlay, in picture: inout Picture) {
        let stubs = layout.boxes.filter { overlay.hosts.contains($0.machine.name) }.map { box in
            (box: box, x: box.area.right - 24, y: rail(below: box))
        }
        let spine = ((layout.boxes.map(\.area.right) + picture.lines.flatMap(\.points).map(\.x)).max() ?? 0) + 20
        let rails = Dictionary(grouping: stubs, by: \.y).sorted { $0.key < $1.key }
        let anyMark = stubs.lazy.compactMap { walk?.mark(tunnelOf: $0.box.machine.name) }.first
        let run = { (points: [Picture.Point]) in
            Picture.Line(kind: .rail, title: overlay.name, points: points, mark: anyMark)
        }
        for (y, members) in rails {
            let end = rails.count > 1 ? spine : members.map(\.x).max() ?? spine
            let left = members.map(\.x).min() ?? spine
            picture.lines.append(run([Picture.Point(x: left, y: y), Picture.Point(x: end, y: y)]))
        }
        if let first = rails.first, let last = rails.last, rails.count > 1 {
            picture.lines.append(run([Picture.Point(x: spine, y: first.key), Picture.Point(x: spine, y: last.key)]))
        }
        for stub in stubs { picture.lines.append(line(of: stub.box, overlay, x: stub.x, y: stub.y)) }
        guard let last = rails.last else { return }
        let text = "\(overlay.name): \(counted(stubs.count, "host"))"
        picture.texts.append(Picture.Text(style: .overlay, string: text, x: layout.start + 16, baseline: last.key + 15))
    }

    private func line(of box: MachineBox, _ overlay: Overlay, x: Int, y: Int) -> Picture.Line {
        let name = box.machine.tunnel.map { "\(box.machine.name):\($0.text)" } ?? box.machine.name
        return Picture.Line(
            kind: .stub, title: "\(name) in \(overlay.name)",
            points: [Picture.Point(x: x, y: box.area.low), Picture.Point(x: x, y: y)],
            mark: walk?.mark(tunnelOf: box.machine.name), isJoined: true)
    }

    private func rail(below box: MachineBox) -> Int {
        let lines = layout.levels.first { $0.lines[0].y <= box.bar && box.bar <= $0.lines[$0.lines.count - 1].y }?.lines
        let line = box.lane == nil ? lines?.first { $0.y == box.bar } : lines?.last
        return line?.rail ?? box.area.low
    }
}
