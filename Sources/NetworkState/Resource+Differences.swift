extension Resource {
    /// What it says otherwise than `before`, of the same identity: `mtu 1500 -> 9000`. Of what a declaration leaves open,
    /// just a route has nothing: it is replaced as a whole.
    package func differences(from before: Resource) -> [String] {
        if case .table = self { return ruleDifferences(from: before) }
        let old = Dictionary(before.attributes.map { ($0.slot, $0) }) { first, _ in first }
        let new = Dictionary(attributes.map { ($0.slot, $0) }) { first, _ in first }
        let changed = attributes.filter { old[$0.slot] != $0 }.map { attribute in
            old[attribute.slot].map(attribute.difference) ?? "+ \(attribute.word)"
        }
        guard case .route = self else { return changed }
        return changed + before.attributes.filter { new[$0.slot] == nil }.map { "- \($0.word)" }
    }

    /// The rules that go and those that come; their order counts, and one may be there twice.
    private func ruleDifferences(from before: Resource) -> [String] {
        attributes.difference(from: before.attributes).map { difference in
            switch difference {
            case .insert(_, let rule, _): "+ \(rule)"
            case .remove(_, let rule, _): "- \(rule)"
            }
        }
    }

    /// All that it says: a table's rules, which are many words each, or any other resource's attributes.
    package var words: String {
        if case .table = self { return attributes.map(\.word).joined(separator: "; ") }
        return attributes.map(\.word).joined(separator: " ")
    }
}

extension Attribute {
    /// As a plan prints it: `vxlan` rather than `type vxlan`.
    package var word: String { name == "type" ? value : description }

    /// What it takes the place of: a flag, that of its opposite.
    fileprivate var slot: String { ["down": "up", "nolearning": "learning"][name] ?? name }

    /// `mtu 1500 -> 9000`, `down -> up`; of a setting, `0 -> 1`.
    fileprivate func difference(from former: Attribute) -> String {
        if value.isEmpty { return name == former.name ? "- \(former.word)" : "\(former.name) -> \(name)" }
        return "\(name == "=" ? "" : name + " ")\(former.value) -> \(value)"
    }
}
