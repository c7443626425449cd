import Netlink
import NetnsHarness
import NetworkState

/// What else there is on this machine that may be meant, or forgotten: labs of this user, and containers that others have started.
struct Neighbourhood {
    private let running: [LabRecord]
    private let leftovers: [String]
    let containers: [RunningContainer]

    init() throws(SystemError) {
        let registry = LabRegistry.ofThisUser()
        running = try registry.list()
        leftovers = try registry.leftovers()
        containers = try RunningContainer.all()
    }

    var text: String {
        let up = running.isEmpty ? "none is up" : "up: \(running.map(\.name).joined(separator: ", "))"
        let rest =
            leftovers.isEmpty
            ? "" : "; left over: \(leftovers.joined(separator: ", ")); way out: weft lab gc"
        let names = containers.map { "\($0.command) (pid \($0.process))" }.joined(separator: ", ")
        let found = containers.isEmpty ? "none of others' runs that this user may look into" : "running: \(names)"
        return Columns([["labs", up + rest], ["containers", found]]).text
    }

    var labs: JSON {
        .object(["up": .array(running.map { .string($0.name) }), "leftOver": .array(leftovers.map(JSON.string))])
    }
}

extension RunningContainer {
    var json: JSON { .object(["pid": .integer(Int64(process)), "command": .string(command)]) }
}
