/// A topology drawn: what stands where, in pixels from the top left corner. The text of it is ``svg``.
///
/// Networks are bars with machines hanging from them; tunnels are one dashed rail below the hosts that are joined by them.
package struct Picture: Hashable, Sendable {
    package struct Area: Hashable, Sendable {
        package var x = 0
        package var y = 0
        package var width = 0
        package var height = 0

        package var right: Int { x + width }
        package var low: Int { y + height }

        package init(x: Int = 0, y: Int = 0, width: Int = 0, height: Int = 0) {
            (self.x, self.y, self.width, self.height) = (x, y, width, height)
        }
    }

    /// A line of letters, all of which are equally wide.
    package struct Text: Hashable, Sendable {
        package enum Style: String, Hashable, Sendable {
            case heading, name, detail, kind, segment, overlay, label, there, back, lost

            package var size: Int {
                switch self {
                case .heading: 15
                case .name: 13
                case .detail, .segment, .overlay, .there, .back, .lost: 11
                case .kind, .label: 10
                }
            }

            static func caption(_ mark: DrawnWalk.Mark) -> Style {
                switch mark {
                case .there: .there
                case .back: .back
                case .lost: .lost
                }
            }
        }

        package let style: Style
        package let string: String
        package let x: Int
        /// What it stands on.
        package let baseline: Int

        package var area: Area {
            let size = style.size
            return Area(x: x, y: baseline - size, width: Self.width(string, size), height: size + size / 4)
        }

        /// At most: monospaced fonts differ by little, and none has letters wider than this.
        static func width(_ string: String, _ size: Int) -> Int {
            let columns = string.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
            return (columns * size * 605 + 999) / 1000
        }
    }

    package struct Box: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case router, server, host, container, bridge, tunnel
        }

        package let kind: Kind
        package let name: String
        package let title: String
        package let area: Area
        package let texts: [Text]
        package var mark: DrawnWalk.Mark?
        /// Of what it is named by: bridges and tunnels are called alike on all hosts, and are parts of these.
        package var isPart: Bool { kind == .bridge || kind == .tunnel }
    }

    /// Straight, from one place to another.
    package struct Line: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            case segment, wire, rail, stub
            /// Within a host.
            case inner, tail

            var isInside: Bool { self == .inner || self == .tail }
        }

        package let kind: Kind
        package let title: String
        package let points: [Point]
        package var mark: DrawnWalk.Mark?
        /// Whether it ends with a dot, where it joins another.
        package var isJoined = false
    }

    package struct Point: Hashable, Sendable {
        package let x: Int
        package let y: Int
    }

    package let title: String
    package internal(set) var width = 0
    package internal(set) var height = 0
    package internal(set) var lines: [Line] = []
    /// Each machine is followed by what is in it.
    package internal(set) var boxes: [Box] = []
    /// Those that are in no box.
    package internal(set) var texts: [Text] = []
}
