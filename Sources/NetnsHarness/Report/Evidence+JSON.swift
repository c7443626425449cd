import NetworkState

extension Evidence {
    /// Nil where it is in no file.
    var json: JSON? {
        file.map { .members(["file": .string($0), "frames": .integer(Int64(count))]) }
    }

    /// For a page, which has it in itself.
    var download: JSON {
        .members(["frames": .integer(Int64(count)), "capture": .string(capture.base64)])
    }
}

extension [UInt8] {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648 §4.
    var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        for start in stride(from: 0, to: count, by: 3) {
            let group = self[start..<Swift.min(start + 3, count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place > group.count ? UInt8(ascii: "=") : Self.digits[bits >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
