import NetworkState

/// A machine as it is drawn: what is written in its box, how large that makes it, and where it stands.
struct MachineBox {
    /// A word, or nothing, and what stands beside it.
    struct Row {
        let word: String
        let text: String
    }

    /// Containers beside and below each other, all equally large.
    struct Grid {
        var columns = 1
        /// Of a container.
        var width = 0
        var height = 0

        /// Room on the left of each column for the line that its containers hang on.
        static let indent = 12
        static let gap = 10
        static let step = 8
    }

    static let margin = 10
    static let rowHeight = 14
    static let partHeight = 22

    let machine: Wiring.Machine
    let isCompact: Bool
    /// The segments that it is on, by index.
    let levels: [Int]
    let rows: [Row]
    private(set) var grid: Grid
    var area: Picture.Area
    /// How far down the bar is that it hangs from.
    var bar = 0
    /// Of those that stand between networks.
    var lane: Int?

    init(_ machine: Wiring.Machine, segments: [String: Int], isCompact: Bool) {
        self.machine = machine
        self.isCompact = isCompact
        levels = Set(machine.links.compactMap { segments[$0.segment] }).sorted()
        rows = isCompact ? Self.briefRows(of: machine) : Self.rows(of: machine)
        grid = isCompact ? Grid() : Self.grid(of: machine)
        area = Picture.Area()
        area.width = neededWidth
        area.height = top + gridHeight + (tunnel == nil ? 0 : Self.partHeight + 8)
    }

    var containers: [Wiring.Container] { isCompact ? [] : machine.containers }
    var bridge: Wiring.Device? { isCompact ? nil : machine.bridge }
    var tunnel: Wiring.Device? { isCompact ? nil : machine.tunnel }

    /// Where containers begin, below its upper edge.
    var top: Int { rowsEnd + (bridge == nil ? 0 : Self.partHeight) + (containers.isEmpty ? 0 : 8) }
    /// Where what is written ends.
    var rowsEnd: Int { 26 + rows.count * Self.rowHeight + 6 }
    /// Where the second word of each row begins.
    var shift: Int {
        let longest = rows.map { Picture.Text.width($0.word, 11) }.max() ?? 0
        return longest == 0 ? 0 : longest + 8
    }
    private var gridHeight: Int {
        let lines = (containers.count + grid.columns - 1) / grid.columns
        return lines * (grid.height + Grid.step) + (lines > 0 ? 2 : 0)
    }

    private var neededWidth: Int {
        let head =
            Picture.Text.width(machine.name, 13) + 16 + (isCompact ? 0 : Picture.Text.width(machine.kind.rawValue, 10))
        let text = rows.map { shift + Picture.Text.width($0.text, 11) }.max() ?? 0
        let parts = [bridge, tunnel].compactMap { $0 }.map { Picture.Text.width($0.text, 11) + 16 }.max() ?? 0
        let inside = containers.isEmpty ? 0 : grid.columns * (grid.width + Grid.indent + Grid.gap) - Grid.gap
        // Room for the names of its links below it, each beside its line.
        let links = levels.count > 1 ? machine.links.count * linkStep : 0
        return max(head, text, parts, inside, links) + 2 * Self.margin
    }

    /// From one of its links to the next.
    var linkStep: Int { max(18, (machine.links.map { Picture.Text.width($0.name.text, 10) }.max() ?? 0) + 14) }

    /// As wide as those beside it.
    mutating func widen(to width: Int) {
        area.width = width
        let room = width - 2 * Self.margin + Grid.gap
        grid.width = room / grid.columns - Grid.indent - Grid.gap
    }
}

extension MachineBox {
    private static func rows(of machine: Wiring.Machine) -> [Row] {
        let links = machine.links.flatMap { link in
            let addresses = link.addresses.isEmpty ? ["no address"] : link.addresses.map(\.description)
            return addresses.enumerated().map { Row(word: $0 == 0 ? link.name.text : "", text: $1) }
        }
        let blocks = machine.blocks.enumerated().map { Row(word: $0 == 0 ? "subnet" : "", text: $1.description) }
        return links + blocks
    }

    /// Of one among many.
    private static func briefRows(of machine: Wiring.Machine) -> [Row] {
        let address = machine.links.lazy.flatMap(\.addresses).first?.description ?? "no address"
        let what = machine.kind == .host ? counted(machine.containers.count, "container") : machine.kind.rawValue
        return [Row(word: "", text: address), Row(word: "", text: what)]
    }

    private static func grid(of machine: Wiring.Machine) -> Grid {
        let columns = machine.containers.count > 12 ? 3 : machine.containers.count > 4 ? 2 : 1
        let width = machine.containers.flatMap { container in
            [Picture.Text.width(container.name, 13)] + container.details.map { Picture.Text.width($0, 11) }
        }
        let lines = machine.containers.map(\.details.count).max() ?? 0
        return Grid(columns: columns, width: (width.max() ?? 0) + 16, height: lines * rowHeight + 26)
    }
}

extension Wiring.Container {
    /// What is written below its name.
    var details: [String] { addresses.map(\.description) + [link.text] }
}

extension Wiring.Device {
    var text: String { ([name.text] + addresses.map(\.description)).joined(separator: " ") }
}
