extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or RFC 5952's form of an IPv6 address.
    package var description: String {
        switch family {
        case .v4: textV4
        case .v6: groupsText
        }
    }

    private static let decimals = (0...255).map(String.init)

    /// Of fifteen bytes at most, which a string holds without an allocation.
    private var textV4: String {
        var text = ""
        for shift in stride(from: 24, through: 0, by: -8) {
            text += Self.decimals[Int(truncatingIfNeeded: low >> shift) & 0xff]
            if shift > 0 { text += "." }
        }
        return text
    }

    private var groups: [UInt16] {
        stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> UInt128($0)) }
    }

    /// The longest run of two or more zero groups is written `::`, the first of equals (RFC 5952 §4.2).
    private var groupsText: String {
        let groups = groups
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = end + 1
        }
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    /// Reads dotted decimal without leading zeros, or an IPv6 address (RFC 4291 §2.2); nil for anything else.
    package init?(parsing text: Substring) {
        if let bits = Self.parseV4(text.utf8) {
            self.init(v4: bits)
        } else if let bits = Self.parseV6(text) {
            self.init(family: .v6, bits: bits)
        } else {
            return nil
        }
    }

    package init?(parsing text: String) {
        if let bits = Self.parseV4(Array(text.utf8)[...]) {
            self.init(v4: bits)
        } else {
            self.init(parsing: text[...])
        }
    }

    /// The same from bytes.
    init?(written text: ArraySlice<UInt8>) {
        if let bits = Self.parseV4(text) {
            self.init(v4: bits)
        } else {
            self.init(parsing: String(decoding: text, as: UTF8.self))
        }
    }

    private static func parseV4(_ text: some Sequence<UInt8>) -> UInt32? {
        var (bits, part): (UInt32, UInt32) = (0, 0)
        var (digits, dots) = (0, 0)
        for byte in text {
            if byte == UInt8(ascii: "."), digits > 0 {
                bits = bits << 8 | part
                (part, digits, dots) = (0, 0, dots + 1)
            } else {
                // A leading zero would mean octal to inet_aton(3) and decimal to others, so it is refused.
                guard (48...57).contains(byte), digits == 0 || part > 0 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part <= 255 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | part : nil
    }

    private static func parseV6(_ text: some StringProtocol) -> UInt128? {
        guard text.contains(":") else { return nil }
        guard let gap = text.firstDoubleColon else {
            guard let groups = parseGroups(text), groups.count == 8 else { return nil }
            return join(groups)
        }
        guard let head = parseGroups(text[..<gap]), let tail = parseGroups(text[text.index(gap, offsetBy: 2)...]),
            head.count + tail.count < 8
        else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func parseGroups(_ text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let embedded = parseV4(part.utf8) {
                groups += [UInt16(embedded >> 16), UInt16(truncatingIfNeeded: embedded)]
            } else if (1...4).contains(part.count), part.first != "+", part.first != "-",
                let group = UInt16(part, radix: 16)
            {
                groups.append(group)
            } else {
                return nil
            }
        }
        return groups
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
    }
}

extension StringProtocol {
    /// The place of the first `::`.
    fileprivate var firstDoubleColon: Index? {
        indices.first { self[$0] == ":" && index(after: $0) < endIndex && self[index(after: $0)] == ":" }
    }
}
