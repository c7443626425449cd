package import NetworkState

extension JSON {
    /// The same, each time without one element of a list or one member of an object; the largest parts go first.
    package var reductions: [JSON] {
        switch self {
        case .array(let elements):
            let without = elements.indices.map { index in
                var rest = elements
                rest.remove(at: index)
                return JSON.array(rest)
            }
            let within = elements.indices.flatMap { index in
                elements[index].reductions.map { reduced in
                    var changed = elements
                    changed[index] = reduced
                    return JSON.array(changed)
                }
            }
            return without + within
        case .object(let members):
            // In one order each time, as a seed is to give the same again.
            let keys = members.keys.sorted()
            let without = keys.map { key in
                var rest = members
                rest[key] = nil
                return JSON.object(rest)
            }
            let within = keys.flatMap { key in
                (members[key]?.reductions ?? []).map { reduced in
                    var changed = members
                    changed[key] = reduced
                    return JSON.object(changed)
                }
            }
            return without + within
        case .null, .bool, .integer, .real, .string: return []
        }
    }
}
