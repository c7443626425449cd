/// Why a saved plan no longer is one for the host that it was made for.
package enum Staleness: Hashable, Sendable {
    /// Nothing that a kernel had is there any more.
    case booted
    /// Another namespace has the name; `.own` where the host itself runs in another one.
    case netns(Netns)
    /// Other plans have been carried out, and it would undo the memory of them.
    case ledger
    /// A link was made again, or is gone, since; the plan has nothing else to say of it.
    case link(Netns, LinkName, was: UInt32, is: UInt32?)
    /// What a change starts from, or its absence.
    case resource(ResourcePlace, was: Resource?, is: Resource?)
    /// Something is now there that a change would take with it, and that the plan does not tell of.
    case casualty(of: ResourcePlace, Casualty)

    /// What has changed, and how.
    package func text(on host: String) -> String {
        switch self {
        case .booted: "this machine has been booted since"
        case .netns(.own): "host \(host) has another network namespace"
        case .netns(.named(let name)): "netns \(name) is another one"
        case .ledger: "the ledger of host \(host) is another one: something was applied since, or it was lost"
        case .link(let netns, let name, let number, let present):
            "link \(netns.name ?? host)/\(name)"
                + (present.map { ": number \($0), was \(number): it was removed and made again" } ?? " is gone")
        case .resource(let place, let former, let present):
            place.kindAndName(on: host) + Self.difference(from: former, to: present)
        case .casualty(let place, let casualty):
            "\(casualty.place.kindAndName(on: host)) would go with \(place.kindAndName(on: host))"
        }
    }

    private static func difference(from former: Resource?, to present: Resource?) -> String {
        guard let present else { return " is gone" }
        guard let former else { return " is there now" + (present.words.isEmpty ? "" : ": \(present.words)") }
        let differences = present.differences(from: former)
        return differences.isEmpty ? " has changed" : ": \(differences.joined(separator: ", "))"
    }
}
