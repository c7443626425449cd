import NetworkState

extension Painter {
    /// What is in a host: its bridge, its containers on their wires, and its end of the tunnels.
    func paintInside(_ box: MachineBox, in picture: inout Picture) {
        let (area, host) = (box.area, box.machine.name)
        let ruler = area.y + box.rowsEnd
        if let bridge = box.bridge {
            let mark = box.machine.containers.lazy.compactMap { walk?.mark(wireOf: $0.name, on: host) }.first
            picture.boxes.append(part(.bridge, bridge, of: box, y: ruler, mark: mark))
        } else if !box.containers.isEmpty {
            let points = [
                Picture.Point(x: area.x + MachineBox.margin, y: ruler),
                Picture.Point(x: area.right - MachineBox.margin, y: ruler),
            ]
            picture.lines.append(Picture.Line(kind: .inner, title: "containers of \(host)", points: points))
        }
        for (place, container) in box.containers.enumerated() {
            let spot = spot(of: place, in: box)
            picture.lines.append(wire(to: container, at: spot, place, in: box))
            picture.boxes.append(containerBox(container, at: spot, on: box.machine))
        }
        if let tunnel = box.tunnel {
            let y = area.low - MachineBox.partHeight - 8
            picture.boxes.append(part(.tunnel, tunnel, of: box, y: y, mark: walk?.mark(tunnelOf: host)))
            if overlay?.hosts.contains(host) == true {
                let x = area.right - 24
                let points = [Picture.Point(x: x, y: area.low - 8), Picture.Point(x: x, y: area.low)]
                picture.lines.append(
                    Picture.Line(
                        kind: .tail, title: "\(host):\(tunnel.name)", points: points, mark: walk?.mark(tunnelOf: host))
                )
            }
        }
    }

    private func part(
        _ kind: Picture.Box.Kind, _ device: Wiring.Device, of box: MachineBox, y: Int, mark: DrawnWalk.Mark?
    ) -> Picture.Box {
        let area = Picture.Area(
            x: box.area.x + MachineBox.margin, y: y, width: box.area.width - 2 * MachineBox.margin,
            height: MachineBox.partHeight)
        let text = Picture.Text(style: .detail, string: device.text, x: area.x + 8, baseline: y + 15)
        return Picture.Box(
            kind: kind, name: device.name.text, title: "\(kind.rawValue) \(box.machine.name):\(device.text)",
            area: area,
            texts: [text], mark: mark)
    }

    private func spot(of place: Int, in box: MachineBox) -> Picture.Area {
        let (grid, column, line) = (box.grid, place % box.grid.columns, place / box.grid.columns)
        return Picture.Area(
            x: box.area.x + MachineBox.margin + column * (grid.width + MachineBox.Grid.indent + MachineBox.Grid.gap)
                + MachineBox.Grid.indent,
            y: box.area.y + box.top + line * (grid.height + MachineBox.Grid.step), width: grid.width,
            height: grid.height)
    }

    /// From the container above, or from what the first hangs on.
    private func wire(
        to container: Wiring.Container, at spot: Picture.Area, _ place: Int, in box: MachineBox
    ) -> Picture.Line {
        let (spine, middle) = (spot.x - MachineBox.Grid.indent + 4, spot.y + spot.height / 2)
        let above = box.area.y + box.rowsEnd + (box.bridge == nil ? 0 : MachineBox.partHeight)
        let mark = walk?.mark(wireOf: container.name, on: box.machine.name)
        // The way to one that a packet goes to is drawn whole, over that of its neighbours.
        let start =
            place < box.grid.columns || mark != nil
            ? above : middle - spot.height - MachineBox.Grid.step
        return Picture.Line(
            kind: .inner, title: "\(box.machine.name):\(container.link) to \(container.name):eth0",
            points: [
                Picture.Point(x: spine, y: start), Picture.Point(x: spine, y: middle),
                Picture.Point(x: spot.x, y: middle),
            ],
            mark: mark)
    }

    private func containerBox(
        _ container: Wiring.Container, at spot: Picture.Area, on machine: Wiring.Machine
    ) -> Picture.Box {
        let name = Picture.Text(style: .name, string: container.name, x: spot.x + 8, baseline: spot.y + 18)
        let details = container.details.enumerated().map {
            Picture.Text(
                style: .detail, string: $1, x: spot.x + 8, baseline: spot.y + 34 + $0 * MachineBox.rowHeight)
        }
        let title = ["container \(container.name) on \(machine.name)"] + container.details
        return Picture.Box(
            kind: .container, name: container.name, title: title.joined(separator: "\n"), area: spot,
            texts: [name] + details, mark: walk?.mark(container.name))
    }
}
