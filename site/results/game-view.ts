// The moving figure of a game on the page. It stands still where the visitor's system asks for stillness.
import { drawGame, type Game } from '../../figures/game.ts';
import { PAGE_THEME } from './colours.ts';
import { make } from './make.ts';
import { whenNear } from './when-near.ts';

/** `file`: where its frames are. */
export function renderGame(file: string): HTMLElement {
  const picture = make('div', { class: 'game' });
  const button = make('button', { type: 'button' });
  let game: Game | undefined;
  const show = (moving: boolean) => {
    if (!game) return;
    picture.innerHTML = drawGame(game, PAGE_THEME, moving);
    button.textContent = moving ? 'Stop' : 'Play';
  };
  button.onclick = () => show(button.textContent === 'Play');
  const load = async () => {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    game = (await response.json()) as Game;
    show(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  };
  whenNear(picture, () => {
    load().catch(({ message }: Error) => {
      picture.textContent = `The figure could not be loaded (${message}).`;
      button.hidden = true;
    });
  });
  return make('figure', { class: 'chart' }, picture, button);
}
