/// What an agent's poller calls the things that it watches.
enum Token {
    static let signals: UInt64 = 0
    static let directories: UInt64 = 1
    static let lifeline: UInt64 = 2
    static let listener: UInt64 = 3
    /// The first of those who have connected, and the first of the sockets in namespaces.
    static let visitors: UInt64 = 1 << 32
    static let namespaces: UInt64 = 1 << 48
}
