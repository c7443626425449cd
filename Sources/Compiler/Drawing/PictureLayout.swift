/// Where each network and machine stands.
///
/// Machines on one network hang below its bar, line by line; those between networks stand in lanes beside them, where
/// nothing is in their links' way.
struct PictureLayout {
    /// A line of machines, below the bar that they hang from and above the rail of their tunnels.
    struct Line {
        let y: Int
        let end: Int
        var rail: Int
    }

    struct Level {
        /// Nil for machines on no network.
        let segment: Wiring.Segment?
        var lines: [Line]
    }

    /// What is drawn with all there is to say of it; of more, containers are counted.
    static let mostNodes = 50
    private static let edge = 16
    private static let headingHeight = 34
    private static let labelHeight = 30

    let isCompact: Bool
    private(set) var boxes: [MachineBox]
    private(set) var levels: [Level] = []
    /// Where bars begin, right of the lanes.
    private(set) var start = 0
    private(set) var height = 0
    private let gap: Int
    private let hang: Int
    /// Between a host and the rail below it.
    private let drop: Int
    private let room: Int

    init(_ wiring: Wiring, hasOverlay: Bool) {
        let nodes = wiring.machines.reduce(wiring.machines.count) { $0 + $1.containers.count }
        isCompact = nodes > Self.mostNodes
        (gap, drop) = (isCompact ? 12 : 24, hasOverlay ? 18 : 0)
        room = isCompact ? 1500 : 1200
        let segments = Dictionary(wiring.segments.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let isCompact = isCompact
        boxes = wiring.machines.map { MachineBox($0, segments: segments, isCompact: isCompact) }
        // The links of those between networks have their names beside them.
        hang = isCompact && boxes.allSatisfy { $0.levels.count < 2 } ? 14 : 26
        assignLanes()
        var y = Self.headingHeight
        for (index, segment) in wiring.segments.enumerated() { place(index, segment, at: &y) }
        place(wiring.segments.count, nil, at: &y)
        height = y
    }

    private mutating func assignLanes() {
        let between = boxes.indices.filter { boxes[$0].levels.count > 1 }
        let lane = widen(between)
        // Down to which network each lane is taken.
        var ends: [Int] = []
        for index in between.sorted(by: { (boxes[$0].levels[0], $0) < (boxes[$1].levels[0], $1) }) {
            let (first, last) = (boxes[index].levels[0], boxes[index].levels.last ?? 0)
            let free = ends.firstIndex { $0 <= first } ?? ends.count
            if free == ends.count { ends.append(last) } else { ends[free] = last }
            boxes[index].lane = free
            boxes[index].area.x = Self.edge + free * (lane + gap)
        }
        start = Self.edge + ends.count * (lane + gap)
    }

    /// Boxes beside and below each other are equally wide.
    private mutating func widen(_ indices: [Int]) -> Int {
        let width = indices.map { boxes[$0].area.width }.max() ?? 0
        for index in indices { boxes[index].widen(to: width) }
        return width
    }

    private mutating func place(_ level: Int, _ segment: Wiring.Segment?, at y: inout Int) {
        let own = boxes.indices.filter {
            boxes[$0].lane == nil && (boxes[$0].levels.first ?? -1) == (segment == nil ? -1 : level)
        }
        if segment == nil && own.isEmpty { return }
        y += Self.labelHeight
        let top = y
        var lines = placeLines(of: own, at: &y)
        if lines.isEmpty { lines = [Line(y: top, end: start, rail: top)] }
        y = max(y, placeBeside(level, below: top))
        // Those beside reach it too.
        if drop > 0 {
            lines[lines.count - 1].rail = y
            y += drop + 8
        }
        levels.append(Level(segment: segment, lines: lines))
    }

    private mutating func placeLines(of own: [Int], at y: inout Int) -> [Line] {
        let width = widen(own)
        let most = max(1, (room - start - Self.edge + gap) / (width + gap))
        // As many on each line, rather than one on the last.
        let needed = max(1, (own.count + most - 1) / most)
        let columns = max(1, (own.count + needed - 1) / needed)
        var lines: [Line] = []
        for first in stride(from: 0, to: own.count, by: columns) {
            let members = own[first..<min(first + columns, own.count)]
            let top = y
            for (place, index) in members.enumerated() {
                boxes[index].area.x = start + Self.edge + place * (width + gap)
                boxes[index].area.y = top + hang
                boxes[index].bar = top
            }
            y += hang + (members.map { boxes[$0].area.height }.max() ?? 0) + 14
            let end = members.last.map { boxes[$0].area.right } ?? start
            lines.append(Line(y: top, end: end, rail: y))
            y += first + columns < own.count ? drop : 0
        }
        return lines
    }

    /// How far down those reach that stand beside.
    private mutating func placeBeside(_ level: Int, below top: Int) -> Int {
        var low = top + 14
        for index in boxes.indices where boxes[index].lane != nil && boxes[index].levels.first == level {
            boxes[index].area.y = top + hang
            boxes[index].bar = top
            low = max(low, boxes[index].area.low + 26)
        }
        return low
    }
}
