import Compiler
import NetworkState

extension Finding {
    /// Of packets that an event has cost, where nothing else is wrong once it is over: it was the event's own doing.
    init(of loss: Check, by event: ValidTopology.Event, place: SourcePlace?) {
        let deed = Culprit(
            node: event.action.subject, text: "the event itself, after which all is well: \(event.action.deed)",
            remedy: nil, source: place?.description)
        self.init(
            from: loss.from, to: loss.to, address: loss.address, event: event.name, lastSeen: nil, culprits: [deed],
            packets: [])
    }
}

extension ValidTopology.Event.Action {
    fileprivate var deed: String {
        switch self {
        case .down: "\(subject) was set down"
        case .up: "\(subject) was set up"
        case .impair: "\(subject) was impaired"
        case .clear: "\(subject) was cleared"
        case .leave(let host): "host \(host) left"
        case .join(let host): "host \(host) joined"
        case .agents(let hosts): "agents began on \(hosts.joined(separator: ", "))"
        case .run(let command, let node): "'\(command.joined(separator: " "))' ran in \(node)"
        }
    }
}
