/// A name the kernel accepts for a link, checked on creation.
package struct LinkName: Hashable, Sendable {
    /// `IFNAMSIZ` less the terminating zero (linux/if.h).
    package static let maximumLength = 15

    package let text: String

    /// Nil unless `text` has 1 to 15 bytes, is neither `.` nor `..`, and holds no `/`, `:` or white space
    /// (`dev_valid_name` in net/core/dev.c).
    package init?(_ text: some StringProtocol) {
        guard (1...Self.maximumLength).contains(text.utf8.count), text != ".", text != "..",
            !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }),
            // Asking Unicode what is white space takes its time.
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) || !text.contains(where: \.isWhitespace)
        else { return nil }
        self.text = String(text)
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
