import NetworkState

/// The members of one JSON object of a topology.
struct Members {
    private let members: [String: JSON]
    let pointer: JSONPointer

    /// Reports keys that mean nothing; nil if `json` is no object. `kind` is what the object is: `a host`.
    init?(
        _ json: JSON, _ kind: String, at pointer: JSONPointer, keys: [String], _ diagnostics: inout Diagnostics
    ) {
        guard let members = json.object else {
            diagnostics.report(.wrongType(of: json, expected: "\(kind): an object", at: pointer))
            return nil
        }
        self.members = members
        self.pointer = pointer
        for key in members.keys where !keys.contains(key) {
            diagnostics.report(.unknownKey(key, in: kind, keys: keys, at: pointer))
        }
        // Free text for people; it only must be text.
        for key in ["description", "$schema"] where keys.contains(key) {
            _ = read(key, .string, &diagnostics)
        }
    }

    func read<Value>(_ key: String, _ reading: Reading<Value>, _ diagnostics: inout Diagnostics) -> Member<Value> {
        guard let json = members[key] else { return .absent }
        let pointer = pointer.appending(key)
        guard let value = reading.read(json, pointer, &diagnostics) else { return .unreadable(pointer) }
        return .written(value, pointer)
    }

    /// Reads a member without which the object means nothing.
    func require<Value>(_ key: String, _ reading: Reading<Value>, _ diagnostics: inout Diagnostics) -> Member<Value> {
        let member = read(key, reading, &diagnostics)
        guard member.isAbsent else { return member }
        diagnostics.report(.missingKey(key, at: pointer))
        return .unreadable(pointer)
    }
}
