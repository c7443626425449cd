extension JSON {
    /// Canonical text: members sorted by key, two spaces of indent, a final newline. Equal values give equal bytes.
    package var text: String {
        var writer = JSONWriter(isIndented: true)
        writer.write(self)
        return writer.text + "\n"
    }

    /// Canonical text on one line.
    package var line: String {
        var writer = JSONWriter(isIndented: false)
        writer.write(self)
        return writer.text
    }
}

/// Writes bytes rather than characters: a lab's ledgers come to megabytes, and each is written before its lab is up.
private struct JSONWriter {
    private var bytes: [UInt8] = []
    private var depth = 0
    private let isIndented: Bool

    init(isIndented: Bool) { self.isIndented = isIndented }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ json: JSON) {
        switch json {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .real(let value): append("\(value)")
        case .string(let value): quote(value)
        case .array(let elements):
            open("[", "]", isEmpty: elements.isEmpty) { writer in
                for (index, element) in elements.enumerated() {
                    writer.begin(index)
                    writer.write(element)
                }
            }
        case .object(let members):
            open("{", "}", isEmpty: members.isEmpty) { writer in
                for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                    writer.begin(index)
                    writer.quote(member.key)
                    writer.append(writer.isIndented ? ": " : ":")
                    writer.write(member.value)
                }
            }
        }
    }

    private mutating func open(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, isEmpty: Bool, _ body: (inout JSONWriter) -> Void
    ) {
        bytes.append(UInt8(ascii: opening))
        depth += 1
        body(&self)
        depth -= 1
        if !isEmpty { breakLine() }
        bytes.append(UInt8(ascii: closing))
    }

    /// Before the element or member at `index` of its like.
    private mutating func begin(_ index: Int) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func breakLine() {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        if string.utf8.contains(where: Self.isEscaped) {
            for byte in string.utf8 { escape(byte) }
        } else {
            append(string)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\t"): append("\\t")
        case UInt8(ascii: "\r"): append("\\r")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: bytes.append(byte)
        }
    }
}
