/// A name the kernel accepts for a link, checked on creation.
package struct LinkName: Hashable, Sendable {
    /// `IFNAMSIZ` less the terminating zero (linux/if.h).
    package static let maximumLength = 15

    package let text: String

    /// Nil unless `text` has 1 to 15 bytes, is neither `.` nor `..`, and holds no `/`, `:` or white space
    /// (`dev_valid_name` in net/core/dev.c).
    package init?(_ text: some StringProtocol) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text != ".", text != "..",
            Self.isPlain(text) || !text.contains(where: { $0 == "/" || $0 == ":" || $0.isWhitespace })
        else { return nil }
        self.text = String(text)
    }

    /// Whether it has nothing but what links are called by everywhere. To ask characters takes longer, and each route of a
    /// ledger names its link.
    private static func isPlain(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    /// A name of our own making, such as `"lo"`: anything else is our own mistake.
    package init(known text: String) {
        guard let name = LinkName(text) else { preconditionFailure("'\(text)' is not a link name") }
        self = name
    }

    package static let loopback = LinkName(known: "lo")
}

extension LinkName: Comparable {
    package static func < (left: LinkName, right: LinkName) -> Bool { left.text < right.text }
}

extension LinkName: CustomStringConvertible {
    package var description: String { text }
}
