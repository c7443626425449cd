import CLinux

/// Runs `body`, which may move the thread that it runs on into other network namespaces: the calling one, which comes back
/// afterwards, or, where it could not come back, one that is thrown away.
///
/// To start a thread for each of the dozen times that a host of a lab is entered took longer than all that is done there.
func onMovableThread<Value: ~Copyable>(
    _ body: @Sendable () throws(SystemError) -> sending Value
) throws(SystemError) -> sending Value {
    let home = try OwnedFileDescriptor.open(NetworkNamespace.ofThisThread)
    // An ordinary user's thread, root of a user namespace, may enter the namespaces that it makes, and not the machine's,
    // which it is in.
    guard enter(home) else { return try onNewThread(body) }
    return try leaving(home, body)
}

private func leaving<Value: ~Copyable>(
    _ home: borrowing OwnedFileDescriptor, _ body: @Sendable () throws(SystemError) -> sending Value
) throws(SystemError) -> sending Value {
    defer {
        if !enter(home) { fatalError("\(SystemError("come back from a network namespace"))") }
    }
    return try body()
}

private func enter(_ namespace: borrowing OwnedFileDescriptor) -> Bool {
    clinux_setns(namespace.rawValue, clinux_CLONE_NEWNET) == 0
}
