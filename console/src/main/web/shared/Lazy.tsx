import { Loader } from '@mantine/core';
import { Component, Suspense, type ReactNode } from 'react';
import { Failed } from './Answer';

/** Around what is loaded when it is needed: a node that was updated meanwhile has no such file any more. */
export class Lazy extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: undefined as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === undefined ? (
      <Suspense fallback={<Loader size="sm" m="md" />}>{this.props.children}</Suspense>
    ) : (
      <Failed error={this.state.error} again={() => location.reload()} />
    );
  }
}
